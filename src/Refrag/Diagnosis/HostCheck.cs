using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using Refrag.Targeting;

namespace Refrag.Diagnosis;

/// <summary>
/// Refuses a job that no instance type behind its queue can host: on a FIFO queue it would hold up all that is behind it. What is not
/// certain is sent. Asks about the environments of a queue once, and answers the same request to the same queue once.
/// </summary>
/// <param name="batch">Where to ask.</param>
/// <param name="time">The clock.</param>
/// <param name="catalogue">The instance types.</param>
/// <param name="prices">The prices, which decide between types that could be added.</param>
/// <param name="note">Gets, in a sentence, what could not be checked or is in doubt.</param>
public sealed class HostCheck(
    IAwsTransport batch, TimeProvider time, InstanceCatalogue catalogue, PriceTable prices, Action<string> note) : IHostCheck
{
    private readonly Dictionary<string, IReadOnlyList<QueueEnvironment>> _environments = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Queue, Requirement Needs), IReadOnlyList<Problem>> _answers = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Problem>> CheckAsync(
        JobSpec spec, LaunchPlan plan, CheckedTarget target, CancellationToken cancellationToken)
    {
        string queue = target.Queue.JobQueueName;
        Requirement needs = SituationReader.NeedsOf(plan, target.Definition);
        if (_answers.TryGetValue((queue, needs), out IReadOnlyList<Problem>? known)) return known;
        IReadOnlyList<QueueEnvironment> environments = await EnvironmentsAsync(target.Queue, cancellationToken);
        return _answers[(queue, needs)] = Answer(spec, new Situation
        {
            QueueName = queue,
            Queue = target.Queue,
            Environments = environments,
            DefinitionName = AwsNames.Short(plan.Target.Definition),
            Definition = target.Definition,
            Needs = needs,
            OtherQueues = (spec.Queues.Cpu, spec.Queues.Gpu),
            Now = time.GetUtcNow(),
            Catalogue = catalogue,
            Prices = prices,
        });
    }

    private async Task<IReadOnlyList<QueueEnvironment>> EnvironmentsAsync(JobQueueDetail queue, CancellationToken cancellationToken)
    {
        if (_environments.TryGetValue(queue.JobQueueName, out IReadOnlyList<QueueEnvironment>? known)) return known;
        string[] names = [.. queue.ComputeEnvironmentOrder.Select(o => o.ComputeEnvironment)];
        IReadOnlyList<QueueEnvironment> found = [];
        try
        {
            if (names.Length > 0)
                found = QueueEnvironment.InOrder(queue, await new QueueReader(batch).EnvironmentsAsync(names, cancellationToken));
        }
        catch (AwsException failure)
        {
            // Mostly a missing permission. Whether the job may be sent is another question, which SubmitJob answers.
            string why = failure is AwsServiceException answer ? $"{answer.Operation} answered {answer.ErrorCode}" : failure.Problem.What;
            note($"Not checked whether queue {queue.JobQueueName} can host the job: {why}.");
        }
        return _environments[queue.JobQueueName] = found;
    }

    private IReadOnlyList<Problem> Answer(JobSpec spec, Situation situation)
    {
        // What Batch does not describe may host anything.
        if (situation.Environments.Any(e => e.Detail is null)) return [];
        Cause? cause = FitCauses.Find(situation).FirstOrDefault();
        if (cause is null or { Confidence: Confidence.Possible }) return [];
        if (cause.Confidence == Confidence.Certain) return [Misfit(spec, situation, cause)];
        note($"It may never start: {cause.What}. `refrag why` says more.");
        return [];
    }

    private static Problem Misfit(JobSpec spec, Situation situation, Cause cause) => new()
    {
        Code = "RF2065",
        What = $"No instance behind queue {situation.QueueName} can host job {spec.Name}",
        Cause = $"{cause.What}; it needs {situation.Needs}",
        Cure = $"{string.Join(". Or ", Ways(cause).Select((way, at) => at == 0 ? way : char.ToLowerInvariant(way[0]) + way[1..]))}. "
            + "`refrag why` with the same words explains it.",
        Place = Key(cause.Code) is { } key ? spec.Places.Of(key) : null,
    };

    // What the user's own words can change comes as they would write it; what changes the infrastructure as a sentence.
    private static IEnumerable<string> Ways(Cause cause)
    {
        foreach (Cure cure in cause.Cures) yield return IsOverride(cure) ? $"{cure.Text}: {cure.Command}" : cure.Text;
        if (!cause.Cures.Any(cure => IsOverride(cure) && cure.Command!.StartsWith("env.job_queue=", StringComparison.Ordinal)))
            yield return "Name another queue: env.job_queue=NAME";
        yield return "Send it anyway: --force";
    }

    private static bool IsOverride(Cure cure) => cure.Command?.StartsWith("env.", StringComparison.Ordinal) == true;

    private static string? Key(string code) => code switch
    {
        "too-many-gpus" or "gpu-job-on-cpu-queue" or "gpu-on-fargate" => "env.gpus",
        "too-much-memory" => "env.memory",
        "too-many-vcpus" or "max-vcpus" => "env.vcpus",
        "nodes-on-spot" or "nodes-on-fargate" => "env.nodes",
        "wrong-architecture" => "env.architecture",
        _ => null,
    };
}

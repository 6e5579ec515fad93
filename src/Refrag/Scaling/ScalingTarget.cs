using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Policies;

namespace Refrag.Scaling;

/// <summary>What policies are for, as far as it was found.</summary>
/// <param name="Targets">The policies that can be applied, each with an environment that no other of them has.</param>
/// <param name="Problems">What is wrong with the others.</param>
public sealed record ScalingTargets(IReadOnlyList<ScalingTarget> Targets, IReadOnlyList<Problem> Problems);

/// <summary>A policy with the compute environment that it scales.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Environment">What Batch says of the environment.</param>
/// <param name="Queues">The names of the queues whose waiting jobs count.</param>
public sealed record ScalingTarget(EnvironmentPolicy Policy, ComputeEnvironmentDetail Environment, IReadOnlyList<string> Queues)
{
    /// <summary>The environment's name.</summary>
    public string Name => Environment.ComputeEnvironmentName;

    /// <summary>Whether Batch carries out an earlier change of the environment, and refuses another one until then.</summary>
    public bool IsBusy => Environment.Status is CEStatus.Updating or CEStatus.Creating;

    /// <summary>Finds what policies are for. A policy that fits nothing does not keep the others from their environments.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ScalingTargets> FindAsync(
        IAwsTransport batch, IReadOnlyList<EnvironmentPolicy> policies, CancellationToken cancellationToken)
    {
        QueueReader reader = new(batch);
        IReadOnlyList<ComputeEnvironmentDetail> environments = await reader.EnvironmentsAsync([], cancellationToken);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([], cancellationToken);
        List<ScalingTarget> found = [];
        List<Problem> problems = [];
        foreach (EnvironmentPolicy policy in policies)
        {
            if (Of(policy, environments, queues).TryGet(out ScalingTarget? target, out IReadOnlyList<Problem> wrong)) found.Add(target);
            else problems.AddRange(wrong);
        }
        List<ScalingTarget> targets = [];
        foreach (IGrouping<string, ScalingTarget> same in found.GroupBy(one => one.Name, StringComparer.Ordinal))
        {
            if (same.Count() == 1) targets.Add(same.First());
            else problems.Add(ScalingProblems.Twice(same.Key, [.. same.Select(one => one.Policy.Name)]));
        }
        return new ScalingTargets(targets, problems);
    }

    private static Result<ScalingTarget> Of(
        EnvironmentPolicy policy, IReadOnlyList<ComputeEnvironmentDetail> environments, IReadOnlyList<JobQueueDetail> queues)
    {
        string[] used = [.. environments.Where(one => IsUsed(one, queues)).Select(one => one.ComputeEnvironmentName)];
        IReadOnlyList<string> near = EnvironmentMatch.Find(used, policy.Environment);
        if (near.Count != 1)
        {
            IReadOnlyList<string> retired = near.Count > 0 ? []
                : EnvironmentMatch.Find(environments.Select(one => one.ComputeEnvironmentName), policy.Environment);
            return retired.Count > 0
                ? ScalingProblems.Unused(policy, retired, used)
                : ScalingProblems.NoEnvironment(policy, near, used);
        }
        ComputeEnvironmentDetail found = environments.First(one => one.ComputeEnvironmentName == near[0]);
        if (found.ComputeResources?.Type is not (CRType.Ec2 or CRType.Spot)) return ScalingProblems.NotScalable(policy, found);
        string[] known = [.. queues.Select(queue => queue.JobQueueName)];
        if (policy.Queues.FirstOrDefault(queue => !known.Contains(queue, StringComparer.Ordinal)) is { } missing)
            return ScalingProblems.NoQueue(policy, missing, known);
        return new ScalingTarget(policy, found, policy.Queues.Count > 0 ? policy.Queues
            : [.. queues.Where(queue => Uses(queue, found)).Select(queue => queue.JobQueueName)]);
    }

    // After a change of its settings the stack keeps the environment of before until its jobs have ended: a minimum there is paid for
    // nothing.
    private static bool IsUsed(ComputeEnvironmentDetail environment, IReadOnlyList<JobQueueDetail> queues) =>
        environment.State == CEState.Enabled && environment.Status is not (CEStatus.Deleting or CEStatus.Deleted)
        && queues.Any(queue => Uses(queue, environment));

    private static bool Uses(JobQueueDetail queue, ComputeEnvironmentDetail environment) =>
        queue.Status is not (JQStatus.Deleting or JQStatus.Deleted)
        && queue.ComputeEnvironmentOrder.Any(one => AwsNames.Same(one.ComputeEnvironment, environment.ComputeEnvironmentArn));

    /// <summary>Reads what the policy decides by.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="now">The time.</param>
    /// <param name="pace">What is left of its budget.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EnvironmentObservation> ObserveAsync(
        IAwsTransport batch, DateTimeOffset now, PaceReading pace, CancellationToken cancellationToken)
    {
        WaitingWork waiting = await WaitingWork.ReadAsync(batch, Queues, cancellationToken);
        // Read last: what is decided about the maximum goes by the vCPUs of this moment.
        ComputeResource resources = await ReadAsync(batch, cancellationToken);
        return new EnvironmentObservation
        {
            Environment = Name,
            At = now,
            MinVCpus = resources.MinvCpus ?? 0,
            MaxVCpus = resources.MaxvCpus ?? 0,
            DesiredVCpus = resources.DesiredvCpus ?? 0,
            ScaleDownDelayMinutes = resources.ScalingPolicy?.MinScaleDownDelayMinutes,
            Depth = waiting.Jobs,
            OldestWait = waiting.Oldest is { } oldest && oldest < now ? now - oldest : TimeSpan.Zero,
            Pace = pace.Pace,
            Unpriced = pace.Unpriced,
        };
    }

    /// <summary>What Batch says of the environment's resources now.</summary>
    internal async Task<ComputeResource> ReadAsync(IAwsTransport batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<ComputeEnvironmentDetail> found = await new QueueReader(batch).EnvironmentsAsync([Name], cancellationToken);
        return (found is [var one, ..] ? one : Environment).ComputeResources!;
    }
}

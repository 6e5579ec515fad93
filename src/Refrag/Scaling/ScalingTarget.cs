using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Policies;

namespace Refrag.Scaling;

/// <summary>A policy with the compute environment that it scales.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Environment">What Batch says of the environment.</param>
/// <param name="Queues">The names of the queues whose waiting jobs count.</param>
public sealed record ScalingTarget(EnvironmentPolicy Policy, ComputeEnvironmentDetail Environment, IReadOnlyList<string> Queues)
{
    /// <summary>The environment's name.</summary>
    public string Name => Environment.ComputeEnvironmentName;

    /// <summary>Finds what policies are for; all problems at once.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<IReadOnlyList<ScalingTarget>>> FindAsync(
        IAwsTransport batch, IReadOnlyList<EnvironmentPolicy> policies, CancellationToken cancellationToken)
    {
        QueueReader reader = new(batch);
        IReadOnlyList<ComputeEnvironmentDetail> environments = await reader.EnvironmentsAsync([], cancellationToken);
        IReadOnlyList<JobQueueDetail> queues = await reader.QueuesAsync([], cancellationToken);
        List<ScalingTarget> targets = [];
        List<Problem> problems = [];
        foreach (EnvironmentPolicy policy in policies)
        {
            if (!Of(policy, environments, queues).TryGet(out ScalingTarget? target, out IReadOnlyList<Problem> wrong))
                problems.AddRange(wrong);
            else if (targets.Find(one => one.Name == target.Name) is { } other) problems.Add(ScalingProblems.Twice(other, policy));
            else targets.Add(target);
        }
        return problems.Count > 0
            ? Result<IReadOnlyList<ScalingTarget>>.Failure(problems)
            : Result<IReadOnlyList<ScalingTarget>>.Success(targets);
    }

    private static Result<ScalingTarget> Of(
        EnvironmentPolicy policy, IReadOnlyList<ComputeEnvironmentDetail> environments, IReadOnlyList<JobQueueDetail> queues)
    {
        string[] names = [.. environments.Select(one => one.ComputeEnvironmentName)];
        IReadOnlyList<string> near = EnvironmentMatch.Find(names, policy.Environment);
        if (near.Count != 1) return ScalingProblems.NoEnvironment(policy, near, names);
        ComputeEnvironmentDetail found = environments.First(one => one.ComputeEnvironmentName == near[0]);
        if (found.ComputeResources?.Type is not (CRType.Ec2 or CRType.Spot)) return ScalingProblems.NotScalable(policy, found);
        string[] known = [.. queues.Select(queue => queue.JobQueueName)];
        if (policy.Queues.FirstOrDefault(queue => !known.Contains(queue, StringComparer.Ordinal)) is { } missing)
            return ScalingProblems.NoQueue(policy, missing, known);
        return new ScalingTarget(policy, found, policy.Queues.Count > 0 ? policy.Queues
            : [.. queues.Where(queue => queue.ComputeEnvironmentOrder.Any(
                one => AwsNames.Same(one.ComputeEnvironment, found.ComputeEnvironmentArn))).Select(queue => queue.JobQueueName)]);
    }

    /// <summary>Reads what the policy decides by.</summary>
    /// <param name="batch">Batch.</param>
    /// <param name="now">The time.</param>
    /// <param name="pace">What is left of its budget; null if that is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EnvironmentObservation> ObserveAsync(
        IAwsTransport batch, DateTimeOffset now, BudgetPace? pace, CancellationToken cancellationToken)
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
            Pace = pace,
        };
    }

    /// <summary>What Batch says of the environment's resources now.</summary>
    internal async Task<ComputeResource> ReadAsync(IAwsTransport batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<ComputeEnvironmentDetail> found = await new QueueReader(batch).EnvironmentsAsync([Name], cancellationToken);
        return (found is [var one, ..] ? one : Environment).ComputeResources!;
    }
}

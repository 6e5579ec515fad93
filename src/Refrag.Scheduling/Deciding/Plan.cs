using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>What one round of decisions says is to be done, in the order of the decisions. Immutable.</summary>
public sealed record Plan
{
    /// <summary>Nothing is to be done.</summary>
    public static Plan Nothing { get; } = new();

    /// <summary>Jobs that start, in the order of dispatch.</summary>
    public IReadOnlyList<Placement> Placements { get; init; } = [];

    /// <summary>Instances to launch.</summary>
    public IReadOnlyList<Launch> Launches { get; init; } = [];

    /// <summary>Instances to terminate; no job is on them.</summary>
    public IReadOnlyList<InstanceKey> Terminations { get; init; } = [];

    /// <summary>Attempts that ended with their host. Retry them or end them.</summary>
    public IReadOnlyList<LostJob> Failures { get; init; } = [];

    /// <summary>Jobs that a time limit cancels.</summary>
    public IReadOnlyList<CanceledJob> Cancellations { get; init; } = [];

    /// <summary>Changes of the reason why a queue's head waits.</summary>
    public IReadOnlyList<BlockedChange> Blocks { get; init; } = [];

    /// <summary>When time alone may change the decision; null for never.</summary>
    public DateTimeOffset? NextWake { get; init; }

    /// <summary>Whether everything was decided; false where the limit of actions cut the round short: decide again.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty =>
        Placements.Count + Launches.Count + Terminations.Count + Failures.Count + Cancellations.Count + Blocks.Count == 0;
}

/// <summary>A job starts.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Environment">The compute environment.</param>
/// <param name="Instance">Its instance; of a multi-node job that of the main node; none on Fargate.</param>
/// <param name="Nodes">The instances of all nodes by node index; null for a job with one.</param>
public readonly record struct Placement(string JobId, string Environment, InstanceKey Instance, IReadOnlyList<InstanceKey>? Nodes = null);

/// <summary>An instance is wanted. Report to the cluster what became of it: up, or failed.</summary>
/// <param name="Instance">Its number from now on.</param>
/// <param name="Environment">The compute environment.</param>
/// <param name="Type">The instance type.</param>
/// <param name="Zone">The Availability Zone.</param>
/// <param name="IsSpot">Whether it is bought on the Spot market.</param>
public readonly record struct Launch(InstanceKey Instance, string Environment, string Type, string Zone, bool IsSpot);

/// <summary>A job lost its host.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Reason">The status reason of the attempt, such as <c>Host EC2 (instance i-…) terminated.</c></param>
public readonly record struct LostJob(string JobId, string Reason);

/// <summary>A job is canceled.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Reason">Its status reason.</param>
public readonly record struct CanceledJob(string JobId, string Reason);

/// <summary>The reason why a queue's head waits is another one now.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="JobId">The job at its head.</param>
/// <param name="Cause">The cause; null if the job waits no longer for a cause of its own.</param>
/// <param name="Reason">The status reason for the job; null as <paramref name="Cause"/>.</param>
public readonly record struct BlockedChange(string Queue, string JobId, BlockedCause? Cause, string? Reason);

/// <summary>How much one round may do.</summary>
/// <param name="MaxActions">The most placements, launches and terminations together, so that a round takes bounded time; at least
/// 1.</param>
public sealed record DecideLimits(int MaxActions = 10_000);

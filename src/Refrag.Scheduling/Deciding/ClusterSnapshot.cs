using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>A cluster as plain data: to keep, to change and ask what if, or to continue from after a restart. Immutable.</summary>
public sealed record ClusterSnapshot
{
    /// <summary>The compute environments.</summary>
    public required IReadOnlyList<ComputeEnvironment> Environments { get; init; }

    /// <summary>The queues.</summary>
    public required IReadOnlyList<JobQueue> Queues { get; init; }

    /// <summary>The instances, the oldest first.</summary>
    public IReadOnlyList<InstanceSnapshot> Instances { get; init; } = [];

    /// <summary>
    /// The highest number that an instance has had, of those that are gone too; none has it again. <see cref="InstanceKey.None"/> where
    /// only those that are there count.
    /// </summary>
    public InstanceKey LastInstance { get; init; }

    /// <summary>The jobs in the order in which they came.</summary>
    public IReadOnlyList<JobSnapshot> Jobs { get; init; } = [];

    /// <summary>What the shares of fair-share queues have used.</summary>
    public IReadOnlyList<ShareSnapshot> Shares { get; init; } = [];

    /// <summary>One round of decisions on it. Throws <see cref="ArgumentException"/> where its parts do not go together.</summary>
    public Plan Decide(DateTimeOffset now, InstanceCatalogue catalogue, PriceTable prices, DecideLimits? limits = null) =>
        Cluster.From(this, now, catalogue, prices).Decide(now, limits);
}

/// <summary>An instance in a snapshot.</summary>
/// <param name="Key">Its number.</param>
/// <param name="Environment">Its compute environment.</param>
/// <param name="Type">Its type; null in an unmanaged environment.</param>
/// <param name="Capacity">What jobs can have on it.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="IsStarting">Whether it does not take jobs yet.</param>
public sealed record InstanceSnapshot(InstanceKey Key, string Environment, string? Type, Amount Capacity, string Zone, bool IsStarting)
{
    /// <summary>Whether a job has run on it: only then it goes by the delay that is set. Default false.</summary>
    public bool EverRan { get; init; }

    /// <summary>Since when it has been idle; null for the time of the new cluster, or where it is not idle.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>Since when it has been starting, or takes jobs; null if that is not known.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A job in a snapshot.</summary>
/// <param name="Request">The job.</param>
/// <param name="Environment">Where it runs; null while it waits.</param>
/// <param name="Nodes">On which instances it runs; none on Fargate.</param>
/// <param name="PlacedAt">Since when it runs; null while it waits.</param>
public sealed record JobSnapshot(JobRequest Request, string? Environment, IReadOnlyList<InstanceKey> Nodes, DateTimeOffset? PlacedAt);

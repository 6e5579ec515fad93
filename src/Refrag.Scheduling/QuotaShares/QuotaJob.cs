namespace Refrag.Scheduling.QuotaShares;

/// <summary>A service job that waits or runs. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Share">Its quota share.</param>
/// <param name="Unit">The capacity unit that it counts in, such as <c>ml.m5.large</c>.</param>
/// <param name="Quantity">How much of it, 1 or more.</param>
/// <param name="Priority">Its scheduling priority: the higher goes first within the share.</param>
/// <param name="Order">Its place in the order of arrival: the lower came first. Each job has its own.</param>
public sealed record QuotaJob(string Id, string Share, string Unit, long Quantity, int Priority, long Order);

/// <summary>A service job that holds capacity. Immutable.</summary>
/// <param name="Job">The job.</param>
/// <param name="StartedAt">When it began to run, in any unit that grows; <see cref="long.MaxValue"/> where it is being started.</param>
/// <param name="IsEnding">Whether it is being stopped and holds its capacity only until it has ended.</param>
public sealed record RunningQuotaJob(QuotaJob Job, long StartedAt, bool IsEnding = false);

/// <summary>
/// The capacity that the shares of one queue have together: the limits of the service environment without what jobs of other queues hold.
/// </summary>
/// <param name="ByUnit">Instances by capacity unit.</param>
/// <param name="Total">Instances of all units together; null if that is not limited. Where it is, units that <paramref name="ByUnit"/>
/// does not name may be used too.</param>
public sealed record QuotaPool(IReadOnlyDictionary<string, long> ByUnit, long? Total = null);

/// <summary>All that a decision depends on. Immutable.</summary>
public sealed record QuotaSnapshot
{
    /// <summary>The queue's quota shares.</summary>
    public required IReadOnlyList<QuotaShare> Shares { get; init; }

    /// <summary>The capacity.</summary>
    public required QuotaPool Pool { get; init; }

    /// <summary>The jobs that hold capacity, in any order.</summary>
    public IReadOnlyList<RunningQuotaJob> Running { get; init; } = [];

    /// <summary>The jobs that wait, in any order.</summary>
    public IReadOnlyList<QuotaJob> Waiting { get; init; } = [];
}

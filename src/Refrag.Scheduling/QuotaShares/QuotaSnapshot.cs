namespace Refrag.Scheduling.QuotaShares;

/// <summary>A job queue with quota shares as it stands. Immutable; <see cref="Decide"/> depends on nothing else.</summary>
public sealed record QuotaSnapshot
{
    /// <summary>What the service environment has of each capacity unit for this queue. Of a unit that is not named there is nothing.</summary>
    public required IReadOnlyDictionary<string, int> Capacity { get; init; }

    /// <summary>The shares; each name once.</summary>
    public required IReadOnlyList<QuotaShare> Shares { get; init; }

    /// <summary>The jobs that wait or have capacity; each id once. A job of a share that is not there waits.</summary>
    public required IReadOnlyList<QuotaJob> Jobs { get; init; }

    /// <summary>Which jobs start, which are preempted, and why the first of the others wait.</summary>
    public QuotaPlan Decide() => new QuotaRound(this).Run();
}

/// <summary>What is to happen in a queue with quota shares.</summary>
public sealed record QuotaPlan
{
    /// <summary>The jobs that start, in order.</summary>
    public required IReadOnlyList<string> Starts { get; init; }

    /// <summary>The jobs that are told to end so that others can start. Their capacity is free when they have ended.</summary>
    public required IReadOnlyList<QuotaPreemption> Preemptions { get; init; }

    /// <summary>Why the first job of each share and unit waits.</summary>
    public required IReadOnlyList<QuotaWait> Waits { get; init; }
}

/// <summary>A job that makes room.</summary>
/// <param name="JobId">The job that ends.</param>
/// <param name="ForJobId">The job that gets its place.</param>
/// <param name="IsCrossShare">Whether a share takes back what is its own; else a job of higher priority displaces one of its own share.</param>
public sealed record QuotaPreemption(string JobId, string ForJobId, bool IsCrossShare);

/// <summary>A job that waits, with the cause.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Share">Its share.</param>
/// <param name="Cause">Why it waits.</param>
public sealed record QuotaWait(string JobId, string Share, QuotaWaitCause Cause);

/// <summary>Why the first job of a quota share waits.</summary>
public enum QuotaWaitCause
{
    /// <summary>The share does not exist.</summary>
    NoShare,

    /// <summary>The service environment has no capacity limit for the job's instance type. (API CapacityLimit)</summary>
    NoEnvironmentLimit,

    /// <summary>The share has no capacity limit for the job's instance type.</summary>
    NoShareLimit,

    /// <summary>It needs more than the share may ever use, or the environment has: it can never start.</summary>
    TooLarge,

    /// <summary>The share's own capacity is in use, and it does not borrow.</summary>
    ShareFull,

    /// <summary>The share has borrowed as much as its limit allows.</summary>
    BorrowLimit,

    /// <summary>The share's own capacity is in use, and no other share has idle capacity to lend.</summary>
    NothingLent,

    /// <summary>The environment's capacity is in use, by jobs that cannot be preempted for this one.</summary>
    EnvironmentFull,

    /// <summary>Jobs that end make room for it.</summary>
    Preempting,
}

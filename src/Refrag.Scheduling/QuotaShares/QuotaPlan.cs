namespace Refrag.Scheduling.QuotaShares;

/// <summary>Why a service job waits.</summary>
public enum QuotaWait
{
    /// <summary>Its share or the service environment has no limit for its capacity unit: it waits until there is one.</summary>
    NoLimit,

    /// <summary>The service environment's capacity is used, or kept for shares that reserve theirs.</summary>
    EnvironmentFull,

    /// <summary>Its share's own capacity is used, and the share does not borrow.</summary>
    QuotaUsed,

    /// <summary>Its share may not borrow more.</summary>
    BorrowLimit,

    /// <summary>Its share's own capacity is used, and no other share has enough to lend.</summary>
    NothingToBorrow,

    /// <summary>It starts as soon as jobs have ended that are being stopped.</summary>
    JobsEnding,

    /// <summary>Another job of its share and unit goes first.</summary>
    Behind,
}

/// <summary>What is to be done. Immutable; the same snapshot gives the same plan.</summary>
public sealed record QuotaPlan
{
    /// <summary>The ids of the jobs that start, in the order of the decisions.</summary>
    public IReadOnlyList<string> Starts { get; init; } = [];

    /// <summary>The running jobs that are to be stopped for others.</summary>
    public IReadOnlyList<QuotaPreemption> Preemptions { get; init; } = [];

    /// <summary>The jobs that wait, each with its cause: first the heads in the order of evaluation.</summary>
    public IReadOnlyList<WaitingQuotaJob> Waits { get; init; } = [];
}

/// <summary>A running job makes room.</summary>
/// <param name="JobId">The job that is stopped.</param>
/// <param name="ForJobId">The job that starts once it has ended.</param>
/// <param name="IsInShare">Whether both are of one share: then priority decided; else capacity that was lent is taken back.</param>
public readonly record struct QuotaPreemption(string JobId, string ForJobId, bool IsInShare);

/// <summary>A job waits.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Cause">Why.</param>
public readonly record struct WaitingQuotaJob(string JobId, QuotaWait Cause);

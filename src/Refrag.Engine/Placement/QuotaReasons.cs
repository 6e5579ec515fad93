using Refrag.Scheduling.QuotaShares;

namespace Refrag.Engine.Placement;

/// <summary>
/// The status reasons of jobs with quota shares. AWS publishes one, that of cross-share preemption; the others are refrag's.
/// </summary>
internal static class QuotaReasons
{
    private const string Waits = "Waits: ";

    /// <summary>Why a job waits; null if it waits behind another.</summary>
    public static string? Of(QuotaWait cause) => cause switch
    {
        QuotaWait.NoLimit => Waits + "the quota share or the service environment has no capacity limit for the job's instance type",
        QuotaWait.EnvironmentFull => Waits + "the service environment has no room",
        QuotaWait.QuotaUsed => Waits + "the quota share's capacity is used, and it does not borrow",
        QuotaWait.BorrowLimit => Waits + "the quota share may not borrow more",
        QuotaWait.NothingToBorrow => Waits + "no other quota share has capacity to lend",
        QuotaWait.JobsEnding => Waits + "jobs are being stopped to make room",
        _ => null,
    };

    /// <summary>Why a job was stopped, in the record of the attempt. (UG batch-service-job-preemption-events)</summary>
    public static string Of(QuotaPreemption one) => one.IsInShare
        ? $"In-share preemption triggered by the job {one.ForJobId} of higher priority"
        : "Cross-share preemption triggered to reclaim borrowed capacity";

    /// <summary>The status reason of a job that is being stopped for a reason.</summary>
    public static string InProgress(string reason) => $"PREEMPTION_IN_PROGRESS: {reason}";

    /// <summary>Whether a status reason says why a job waits.</summary>
    public static bool IsOurs(string? reason) => reason?.StartsWith(Waits, StringComparison.Ordinal) == true;
}

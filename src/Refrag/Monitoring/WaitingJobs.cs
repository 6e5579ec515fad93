using Refrag.Aws.Batch;
using Refrag.Scheduling.Queues;

namespace Refrag.Monitoring;

/// <summary>What matters of a queue's RUNNABLE jobs, which are added one after the other.</summary>
/// <param name="now">The time at which they wait.</param>
internal sealed class WaitingJobs(DateTimeOffset now)
{
    /// <summary>How long a job waits at most for an instance that starts.</summary>
    // An instance starts in two to five minutes, and Batch scales in steps of a minute or so: assumed.
    public static TimeSpan UsualStart { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The one that was made first; null if none waits.</summary>
    public JobSummary? Oldest { get; private set; }

    /// <summary>
    /// The first that Batch calls blocked, which it says of the head of a queue alone; null if there is none. (UG job_stuck_in_runnable)
    /// </summary>
    public JobSummary? BlockedHead { get; private set; }

    public void Add(JobSummary job)
    {
        Oldest = First(Oldest, job);
        if (BlockedText.IsIn(job.StatusReason) && !MayBoot(job)) BlockedHead = First(BlockedHead, job);
    }

    // Batch writes JOB_RESOURCE_REQUIREMENT also while the job's instance boots. A time that is far ahead is that of a faster clock, as a
    // rehearsal may have: how long the job has waited is not known then.
    private bool MayBoot(JobSummary job) =>
        job.StatusReason?.StartsWith(BlockedCause.JobRequirement.Code(), StringComparison.Ordinal) == true
            && job.CreatedAt is { } created && now - DateTimeOffset.FromUnixTimeMilliseconds(created) is var age
            && age > TimeSpan.FromMinutes(-1) && age < UsualStart;

    private static JobSummary First(JobSummary? one, JobSummary other) => one is null || other.CreatedAt < one.CreatedAt ? other : one;
}

using Refrag.Aws.Batch;
using Refrag.Scheduling.Queues;

namespace Refrag.Monitoring;

/// <summary>What matters of a queue's RUNNABLE jobs, which are added one after the other.</summary>
internal sealed class WaitingJobs
{
    /// <summary>The one that was made first; null if none waits.</summary>
    public JobSummary? Oldest { get; private set; }

    /// <summary>
    /// The first that Batch calls blocked, which it says of the head of a queue alone; null if there is none. (UG job_stuck_in_runnable)
    /// </summary>
    public JobSummary? BlockedHead { get; private set; }

    public void Add(JobSummary job)
    {
        Oldest = First(Oldest, job);
        if (BlockedText.IsIn(job.StatusReason)) BlockedHead = First(BlockedHead, job);
    }

    private static JobSummary First(JobSummary? one, JobSummary other) => one is null || other.CreatedAt < one.CreatedAt ? other : one;
}

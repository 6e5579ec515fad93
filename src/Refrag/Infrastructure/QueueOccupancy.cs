using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>The jobs that a queue still has. An array or multi-node job counts once.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="WaitingJobs">Ids of jobs that have not started: SUBMITTED, PENDING and RUNNABLE.</param>
/// <param name="ActiveJobs">Ids of jobs that are STARTING or RUNNING.</param>
public sealed record QueueOccupancy(string Queue, IReadOnlyList<string> WaitingJobs, IReadOnlyList<string> ActiveJobs)
{
    // In the order in which a job goes through them, so that one that moves on meanwhile is seen at least once.
    private static readonly string[] s_waiting = [JobStatus.Submitted, JobStatus.Pending, JobStatus.Runnable];
    private static readonly string[] s_active = [JobStatus.Starting, JobStatus.Running];

    /// <summary>How many have not started.</summary>
    public int Waiting => WaitingJobs.Count;

    /// <summary>How many are starting or running.</summary>
    public int Active => ActiveJobs.Count;

    /// <summary>All of them.</summary>
    public IEnumerable<string> Jobs => WaitingJobs.Concat(ActiveJobs).Distinct();

    /// <summary>Whether the queue is empty.</summary>
    public bool IsEmpty => Waiting + Active == 0;

    /// <summary>Asks Batch.</summary>
    public static async Task<QueueOccupancy> ReadAsync(IAwsTransport batch, string queue, CancellationToken cancellationToken) =>
        new(queue, await JobsAsync(batch, queue, s_waiting, cancellationToken), await JobsAsync(batch, queue, s_active, cancellationToken));

    private static async Task<IReadOnlyList<string>> JobsAsync(
        IAwsTransport batch, string queue, string[] statuses, CancellationToken cancellationToken)
    {
        var jobs = new List<string>();
        foreach (string status in statuses)
        {
            var request = new ListJobsRequest { JobQueue = queue, JobStatus = status };
            await foreach (JobSummary job
                in batch.ItemsAsync(BatchOperations.ListJobs, request, page => page.JobSummaryList, cancellationToken))
                jobs.Add(job.JobId);
        }
        return jobs;
    }
}

using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>How many jobs a queue still has.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Waiting">Jobs that have not started: SUBMITTED, PENDING and RUNNABLE.</param>
/// <param name="Active">Jobs that are STARTING or RUNNING.</param>
public sealed record QueueOccupancy(string Queue, int Waiting, int Active)
{
    private static readonly string[] s_waiting = [JobStatus.Submitted, JobStatus.Pending, JobStatus.Runnable];
    private static readonly string[] s_active = [JobStatus.Starting, JobStatus.Running];

    /// <summary>Whether the queue is empty.</summary>
    public bool IsEmpty => Waiting + Active == 0;

    /// <summary>Asks Batch. An array or multi-node job counts once.</summary>
    public static async Task<QueueOccupancy> ReadAsync(IBatchTransport batch, string queue, CancellationToken cancellationToken) =>
        new(queue, await CountAsync(batch, queue, s_waiting, cancellationToken), await CountAsync(batch, queue, s_active, cancellationToken));

    private static async Task<int> CountAsync(IBatchTransport batch, string queue, string[] statuses, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (string status in statuses)
        {
            string? page = null;
            do
            {
                var request = new ListJobsRequest { JobQueue = queue, JobStatus = status, NextToken = page };
                ListJobsResponse answer = await batch.SendAsync(BatchOperations.ListJobs, request, cancellationToken);
                count += answer.JobSummaryList.Count;
                page = answer.NextToken;
            }
            while (!string.IsNullOrEmpty(page));
        }
        return count;
    }
}

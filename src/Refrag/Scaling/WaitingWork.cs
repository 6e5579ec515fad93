using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Scaling;

/// <summary>The jobs that wait for instances.</summary>
/// <param name="Jobs">How many, each child of an array for itself.</param>
/// <param name="Oldest">When the oldest was submitted; null if none waits.</param>
internal sealed record WaitingWork(int Jobs, DateTimeOffset? Oldest)
{
    /// <summary>Counts them.</summary>
    public static async Task<WaitingWork> ReadAsync(IAwsTransport batch, IReadOnlyList<string> queues, CancellationToken cancellationToken)
    {
        JobLister lister = new(batch);
        Dictionary<string, JobSummary> single = new(StringComparer.Ordinal);
        HashSet<string> arrays = new(StringComparer.Ordinal);
        foreach (string queue in queues)
        {
            // The parent of an array is PENDING once one of its children is RUNNABLE. (UG job_states)
            foreach (string status in (string[])[JobStatus.Pending, JobStatus.Runnable])
            {
                await foreach (JobSummary job in lister.InStateAsync(queue, status, cancellationToken))
                {
                    if (job.ArrayProperties?.Size is > 0) arrays.Add(job.JobId);
                    else if (status == JobStatus.Runnable) single[job.JobId] = job;
                }
            }
        }
        int jobs = single.Count;
        long? oldest = single.Values.Min(job => job.CreatedAt);
        await foreach (JobDetail array in lister.DescribeAsync(arrays, cancellationToken))
        {
            int children = array.ArrayProperties?.StatusSummary?.GetValueOrDefault(JobStatus.Runnable) ?? 0;
            if (children == 0) continue;
            jobs += children;
            if (oldest is null || array.CreatedAt < oldest) oldest = array.CreatedAt;
        }
        return new WaitingWork(jobs, oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }
}

using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Submission;

/// <summary>
/// Finds the job of a submission among the jobs of its name: by ListJobs over all pages and states, then by the tags that DescribeJobs
/// gives.
/// </summary>
/// <param name="transport">Carries the requests.</param>
public sealed class JobSearch(IAwsTransport transport)
{
    // A job older than its submission is another one. An hour allows for clocks that differ.
    private static readonly TimeSpan s_clocks = TimeSpan.FromHours(1);

    /// <summary>The job with this submission id; null if there is none. Of several (which should not be) the oldest.</summary>
    /// <param name="queue">The queue's name or ARN.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="id">The submission's id.</param>
    /// <param name="since">When the submission began; jobs made much earlier are ignored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<JobDetail?> FindAsync(
        string queue, string name, SubmissionId id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        long earliest = (since - s_clocks).ToUnixTimeMilliseconds();
        var candidates = new List<string>();
        await foreach (JobSummary job in ListAsync(queue, name, cancellationToken))
        {
            // The filter ignores case; names of jobs do not.
            if (job.JobName == name && (job.CreatedAt ?? earliest) >= earliest) candidates.Add(job.JobId);
        }
        var matches = new List<JobDetail>();
        foreach (string[] ids in candidates.Chunk(BatchLimits.DescribedJobs))
        {
            DescribeJobsResponse answer =
                await transport.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = ids }, cancellationToken);
            matches.AddRange((answer.Jobs ?? []).Where(j => j.Tags?.GetValueOrDefault(SubmissionId.Tag) == id.Value));
        }
        return matches.MinBy(j => j.CreatedAt ?? long.MaxValue);
    }

    // With a filter by name ListJobs answers jobs in every state, and array and multi-node jobs once, as their parent. (API ListJobs)
    private IAsyncEnumerable<JobSummary> ListAsync(string queue, string name, CancellationToken cancellationToken)
    {
        var request = new ListJobsRequest { JobQueue = queue, Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = [name] }] };
        return transport.ItemsAsync(BatchOperations.ListJobs, request, page => page.JobSummaryList, cancellationToken);
    }
}

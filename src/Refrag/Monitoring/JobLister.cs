using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>A job of a list. An array or a multi-node job is one entry.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Summary">What ListJobs says.</param>
public sealed record ListedJob(string Queue, JobSummary Summary);

/// <summary>Lists jobs, page by page: what is not yet asked for is not held.</summary>
/// <param name="transport">Where to ask. Its own rate limit keeps the account's budget.</param>
public sealed class JobLister(IAwsTransport transport)
{
    // (API ListJobs: 1,000 a page, 100 with a filter)
    private const int Page = 1000;
    private const int FilteredPage = 100;

    // (UG service_limits)
    private const int DescribedAtOnce = 100;

    /// <summary>Every state, those first that people ask for first.</summary>
    public static IReadOnlyList<string> Statuses { get; } =
    [
        JobStatus.Running, JobStatus.Starting, JobStatus.Runnable, JobStatus.Pending, JobStatus.Submitted, JobStatus.Failed,
        JobStatus.Succeeded,
    ];

    /// <summary>The states of a job that has not ended.</summary>
    public static IReadOnlyList<string> Active { get; } =
        [JobStatus.Running, JobStatus.Starting, JobStatus.Runnable, JobStatus.Pending, JobStatus.Submitted];

    /// <summary>
    /// The jobs, each once, queue by queue. A job that changes its state meanwhile may be missed in one poll, never shown twice.
    /// </summary>
    public async IAsyncEnumerable<ListedJob> ListAsync(JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<string> queues = filter.Queues.Count > 0
            ? filter.Queues
            : [.. (await new QueueReader(transport).QueuesAsync([], cancellationToken)).Select(q => q.JobQueueName)];
        foreach (string queue in queues)
        {
            IAsyncEnumerable<JobSummary> jobs = Once(Candidates(queue, filter, cancellationToken), filter, cancellationToken);
            if (filter.Tags.Count > 0) jobs = Tagged(jobs, filter, cancellationToken);
            await foreach (JobSummary job in jobs.WithCancellation(cancellationToken))
                yield return new ListedJob(AwsNames.Short(queue), job);
        }
    }

    /// <summary>The jobs of one queue in one state, from all pages.</summary>
    public IAsyncEnumerable<JobSummary> InStateAsync(string queue, string status, CancellationToken cancellationToken) =>
        PagesAsync(new ListJobsRequest { JobQueue = queue, JobStatus = status, MaxResults = Page }, cancellationToken);

    /// <summary>The children of an array, of all states or of one.</summary>
    public async IAsyncEnumerable<JobSummary> ChildrenAsync(
        string arrayJobId, string? status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string one in status is null ? Statuses : [status])
        {
            await foreach (JobSummary job
                in PagesAsync(new ListJobsRequest { ArrayJobId = arrayJobId, JobStatus = one, MaxResults = Page }, cancellationToken))
                yield return job;
        }
    }

    /// <summary>What Batch says of each of many jobs, a hundred at a call. Those that it does not know are left out.</summary>
    public async IAsyncEnumerable<JobDetail> DescribeAsync(
        IEnumerable<string> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (string[] some in ids.Chunk(DescribedAtOnce))
        {
            DescribeJobsResponse answer =
                await transport.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = some }, cancellationToken);
            foreach (JobDetail job in answer.Jobs ?? []) yield return job;
        }
    }

    // ListJobs takes one filter, and with it answers every state; without one, one state. (API ListJobs)
    private async IAsyncEnumerable<JobSummary> Candidates(
        string queue, JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ServerFilter(filter) is { } one)
        {
            var request = new ListJobsRequest { JobQueue = queue, Filters = [one], MaxResults = FilteredPage };
            await foreach (JobSummary job in PagesAsync(request, cancellationToken)) yield return job;
            yield break;
        }
        foreach (string status in filter.Statuses.Count > 0 ? filter.Statuses : Statuses)
        {
            await foreach (JobSummary job in InStateAsync(queue, status, cancellationToken))
                yield return job.Status is null ? job with { Status = status } : job;
        }
    }

    private static KeyValuesPair? ServerFilter(JobFilter filter)
    {
        if (filter.Name is { } name && Glob.Beginning(name) is { } beginning)
            return new KeyValuesPair { Name = "JOB_NAME", Values = [beginning] };
        // Where only active jobs are wanted, listing them by state reads less than every job since then.
        bool finished = filter.Statuses.Count == 0 || filter.Statuses.Any(s => s is JobStatus.Succeeded or JobStatus.Failed);
        return filter.Since is { } since && finished
            ? new KeyValuesPair
            {
                Name = "AFTER_CREATED_AT",
                Values = [since.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)],
            }
            : null;
    }

    // A job that moves on while the states are read one after the other would come twice. Only those of active states can move.
    private static async IAsyncEnumerable<JobSummary> Once(
        IAsyncEnumerable<JobSummary> jobs, JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> active = new(StringComparer.Ordinal);
        await foreach (JobSummary job in jobs.WithCancellation(cancellationToken))
        {
            bool finished = job.Status is JobStatus.Succeeded or JobStatus.Failed;
            if (finished ? active.Contains(job.JobId) : !active.Add(job.JobId)) continue;
            if (filter.Matches(job)) yield return job;
        }
    }

    private async IAsyncEnumerable<JobSummary> Tagged(
        IAsyncEnumerable<JobSummary> jobs, JobFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<JobSummary> some = [];
        await foreach (JobSummary job in jobs.WithCancellation(cancellationToken))
        {
            some.Add(job);
            if (some.Count < DescribedAtOnce) continue;
            foreach (JobSummary found in await WithTagsAsync(some, filter, cancellationToken)) yield return found;
            some.Clear();
        }
        foreach (JobSummary found in await WithTagsAsync(some, filter, cancellationToken)) yield return found;
    }

    private async Task<IReadOnlyList<JobSummary>> WithTagsAsync(
        List<JobSummary> jobs, JobFilter filter, CancellationToken cancellationToken)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        await foreach (JobDetail job in DescribeAsync(jobs.Select(j => j.JobId), cancellationToken))
        {
            if (filter.MatchesTags(job.Tags)) ids.Add(job.JobId);
        }
        return [.. jobs.Where(job => ids.Contains(job.JobId))];
    }

    private IAsyncEnumerable<JobSummary> PagesAsync(ListJobsRequest request, CancellationToken cancellationToken) =>
        transport.ItemsAsync(BatchOperations.ListJobs, request, page => page.JobSummaryList, cancellationToken);
}

using System.Runtime.CompilerServices;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Costs;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Cost;

/// <summary>Reads the jobs of a report: those that Batch knows, which the history keeps, and those that only the history knows.</summary>
/// <param name="session">Where Batch is.</param>
/// <param name="filter">Which jobs are meant.</param>
/// <param name="report">Adds them up.</param>
/// <param name="bill">AWS's bill; null if it is not at hand.</param>
internal sealed class CostReportRun(QuerySession session, JobFilter filter, CostReport report, SplitBill? bill) : IDisposable
{
    private const int DescribedAtOnce = 100;

    private readonly QueueCostings _costs = new(session);
    private readonly HistoryStore? _history = session.Connection is null ? null : UserHistory.Open(session.Context);
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);

    /// <summary>The oldest job that only the history knows; null if there is none.</summary>
    public DateTimeOffset? RememberedSince { get; private set; }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        List<string> some = [];
        await foreach (string id in IdsAsync(cancellationToken))
        {
            some.Add(id);
            if (some.Count < DescribedAtOnce) continue;
            await AddAsync(some, cancellationToken);
            some.Clear();
        }
        await AddAsync(some, cancellationToken);
        if (_history is { IsUsable: true }) await AddRememberedAsync(_history, cancellationToken);
    }

    public void Dispose() => _history?.Dispose();

    // An array's parent has no attempts: its children are what ran.
    private async IAsyncEnumerable<string> IdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lister = new JobLister(session.Batch);
        await foreach (ListedJob job in lister.ListAsync(filter, cancellationToken))
        {
            if (job.Summary.ArrayProperties?.Size is not > 0)
            {
                yield return job.Summary.JobId;
                continue;
            }
            await foreach (JobSummary child in lister.ChildrenAsync(job.Summary.JobId, null, cancellationToken)) yield return child.JobId;
        }
    }

    private async Task AddAsync(List<string> ids, CancellationToken cancellationToken)
    {
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in new JobLister(session.Batch).DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        JobDetail[] asked = [.. (await AskedNodes.ReadAsync(session.Batch, jobs, cancellationToken)).Where(job => _counted.Add(job.JobId))];
        Dictionary<string, RecordedJob> known = Keep(asked);
        foreach (JobDetail job in asked)
            report.Add(known[job.JobId], new RecordedCosting(await _costs.OnAsync(job.JobQueue, cancellationToken), bill));
    }

    // What Batch says now, with what was measured before.
    private Dictionary<string, RecordedJob> Keep(JobDetail[] jobs)
    {
        DateTimeOffset at = session.Now;
        Dictionary<string, RecordedJob> now = jobs.ToDictionary(job => job.JobId, job => RecordedJob.Of(job, at), StringComparer.Ordinal);
        if (_history is null) return now;
        foreach (IGrouping<JobPlace?, JobDetail> place in jobs.GroupBy(job => PlaceOf(job.JobArn)).Where(place => place.Key is not null))
        {
            _history.Put(place.Key!, [.. place.Select(job => now[job.JobId]).Where(job => job.Attempts.Count > 0)]);
            foreach (string id in place.Select(job => job.JobId))
            {
                if (_history.Find(place.Key!, id) is { } before) now[id] = before with { Needs = now[id].Needs };
            }
        }
        return now;
    }

    private async Task AddRememberedAsync(HistoryStore history, CancellationToken cancellationToken)
    {
        // The account is that of the queues: to ask who is signed in takes another service.
        IReadOnlyList<JobQueueDetail> queues = await new QueueReader(session.Batch).QueuesAsync([], cancellationToken);
        foreach (JobPlace place in queues.Select(queue => PlaceOf(queue.JobQueueArn)).OfType<JobPlace>().Distinct())
        {
            foreach (RecordedJob job in history.List(place, filter.Since).Where(job => IsMeant(job) && !_counted.Contains(job.Id)))
            {
                report.Add(job, new RecordedCosting(await _costs.OnAsync(job.Queue, cancellationToken), bill), isRemembered: true);
                if (RememberedSince is null || job.CreatedAt < RememberedSince) RememberedSince = job.CreatedAt ?? job.SeenAt;
            }
        }
    }

    // A job that had not ended may have another state in Batch by now: that a list of one state lacks it does not mean it is forgotten.
    private bool IsMeant(RecordedJob job) =>
        (filter.Statuses.Count == 0 || job.HasEnded)
        && (filter.Queues.Count == 0 || filter.Queues.Any(queue => AwsNames.Same(queue, job.Queue)))
        && filter.Matches(new JobSummary
        {
            JobId = job.Id,
            JobName = job.Name,
            Status = job.Status,
            CreatedAt = job.CreatedAt?.ToUnixTimeMilliseconds(),
        })
        && filter.MatchesTags(job.Tags);

    private JobPlace? PlaceOf(string? arn) => JobPlace.Of(session.Connection!.Place, arn);
}

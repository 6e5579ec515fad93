using System.Runtime.CompilerServices;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>Reads the jobs of a report: those that Batch knows, which the history keeps, and those that only the history knows.</summary>
internal sealed class CostReportRun : IDisposable
{
    private const int DescribedAtOnce = 100;

    private readonly QuerySession _session;
    private readonly IAwsTransport _batch;
    private readonly JobFilter _filter;
    private readonly CostReport _report;
    private readonly HistoryStore? _history;
    private readonly KnownCosts _costs;
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);

    /// <summary>Begins a report.</summary>
    /// <param name="session">Where the jobs are.</param>
    /// <param name="filter">Which jobs count.</param>
    /// <param name="report">What they are added to.</param>
    /// <param name="bill">AWS's bill; null if it is not at hand.</param>
    /// <param name="batch">Batch, at a pace of its own; null for the session's.</param>
    public CostReportRun(QuerySession session, JobFilter filter, CostReport report, SplitBill? bill, IAwsTransport? batch = null)
    {
        (_session, _batch, _filter, _report) = (session, batch ?? session.Batch, filter, report);
        _history = session.Connection is null ? null
            : batch is null ? UserHistory.Open(session.Context)
            : UserHistory.OpenByTheWay(session.Context);
        var queues = new QueueCostings(session.Context, _batch, session.Region);
        _costs = new KnownCosts(queues, session.Connection?.Place, _history, bill);
    }

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
        var lister = new JobLister(_batch);
        await foreach (ListedJob job in lister.ListAsync(_filter, cancellationToken))
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
        DateTimeOffset now = _session.Now;
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in new JobLister(_batch).DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        IReadOnlyList<JobDetail> all = await AskedNodes.ReadAsync(_batch, jobs, cancellationToken);
        JobDetail[] asked = [.. all.Where(job => _counted.Add(job.JobId))];
        Keep(asked, now);
        foreach (JobDetail job in asked) _report.Add(_costs.Recall(job, now), await _costs.OnAsync(job.JobQueue, cancellationToken));
    }

    private void Keep(JobDetail[] jobs, DateTimeOffset now)
    {
        if (_history is null) return;
        foreach (IGrouping<JobPlace?, JobDetail> place in jobs.GroupBy(job => PlaceOf(job.JobArn)).Where(place => place.Key is not null))
            _history.Put(place.Key!, [.. place.Select(job => RecordedJob.Of(job, now)).Where(job => job.Attempts.Count > 0)]);
    }

    private async Task AddRememberedAsync(HistoryStore history, CancellationToken cancellationToken)
    {
        // The account is that of the queues: to ask who is signed in takes another service.
        IReadOnlyList<JobQueueDetail> queues = await new QueueReader(_batch).QueuesAsync([], cancellationToken);
        foreach (JobPlace place in queues.Select(queue => PlaceOf(queue.JobQueueArn)).OfType<JobPlace>().Distinct())
        {
            foreach (RecordedJob job in history.List(place, _filter.Since).Where(job => IsMeant(job) && !_counted.Contains(job.Id)))
            {
                _report.Add(job, await _costs.OnAsync(job.Queue, cancellationToken), isRemembered: true);
                if (RememberedSince is null || job.CreatedAt < RememberedSince) RememberedSince = job.CreatedAt ?? job.SeenAt;
            }
        }
    }

    // A job that had not ended may have another state in Batch by now: that a list of one state lacks it does not mean it is forgotten.
    private bool IsMeant(RecordedJob job) =>
        job.Attempts.Count > 0
        && (_filter.Statuses.Count == 0 || job.HasEnded)
        && (_filter.Queues.Count == 0 || _filter.Queues.Any(queue => AwsNames.Same(queue, job.Queue)))
        && _filter.Matches(new JobSummary
        {
            JobId = job.Id,
            JobName = job.Name,
            Status = job.Status,
            CreatedAt = job.CreatedAt?.ToUnixTimeMilliseconds(),
        })
        && _filter.MatchesTags(job.Tags);

    private JobPlace? PlaceOf(string? arn) => JobPlace.Of(_session.Connection!.Place, arn);
}

using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Budgets;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.History;
using Refrag.Monitoring;
using Refrag.Scheduling.Fitting;

namespace Refrag.Cli.Connections;

/// <summary>
/// Adds up what the jobs of an account and region take of budgets: those that Batch knows, and those that the history on this machine alone
/// knows. A job that has ended is described once, and then taken from the history.
/// </summary>
/// <param name="context">The process.</param>
/// <param name="batch">Batch.</param>
/// <param name="endpoint">Where Batch is.</param>
/// <param name="region">Whose prices count.</param>
internal sealed class BudgetReader(CliContext context, IAwsTransport batch, string endpoint, string region)
{
    private const int DescribedAtOnce = 100;

    // Of jobs that were made before the month, those count that still ran in it: it is not known how long jobs run.
    private static readonly TimeSpan s_madeBefore = TimeSpan.FromDays(31);

    private static readonly string[] s_ended = [JobStatus.Succeeded, JobStatus.Failed];
    private static readonly string[] s_waiting = [JobStatus.Submitted, JobStatus.Pending, JobStatus.Runnable];

    private readonly QueueCostings _queues = new(context, batch, region);
    private readonly JobLister _lister = new(batch);
    private readonly Dictionary<string, RecordedJob> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);

    /// <summary>Whether it is read again and again: what is wrong with the history is then not said each time.</summary>
    public bool IsByTheWay { get; init; }

    /// <summary>How long jobs are expected to run, by what was read.</summary>
    public UsualLengths Lengths { get; } = new();

    /// <summary>What an hour of a job, or of one node, is assumed to cost on a queue, in USD; null if nothing there has a price.</summary>
    public async Task<decimal?> RateAsync(string queue, Requirement needs, CancellationToken cancellationToken) =>
        (await _queues.OnAsync(queue, cancellationToken)).RateOf(needs)?.Hourly;

    /// <summary>Reads the jobs.</summary>
    public async Task<BudgetLedger> ReadAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        BudgetLedger ledger = new(budgets, context.Time.GetUtcNow());
        using HistoryStore history = IsByTheWay ? UserHistory.OpenByTheWay(context) : UserHistory.Open(context);
        DateTimeOffset since = ledger.Since - s_madeBefore;
        IReadOnlyList<JobQueueDetail> queues = await new QueueReader(batch).QueuesAsync([], cancellationToken);
        foreach (JobPlace place in queues.Select(queue => JobPlace.Of(endpoint, queue.JobQueueArn)).OfType<JobPlace>().Distinct())
        {
            foreach (RecordedJob job in history.List(place, since))
            {
                _known[job.Id] = job;
                Lengths.Add(job);
            }
        }
        List<string> open = [];
        // Those that have not ended first: one that ends meanwhile is then not missed.
        await ListAsync(ledger, new JobFilter { Statuses = JobLister.Active }, history, open, cancellationToken);
        await ListAsync(ledger, new JobFilter { Statuses = s_ended, Since = since }, history, open, cancellationToken);
        await AddAsync(ledger, open, history, cancellationToken);
        foreach (RecordedJob job in _known.Values.Where(job => _counted.Add(job.Id)))
            ledger.Spend(job, await OnAsync(job.Queue, cancellationToken), job.SeenAt);
        return ledger;
    }

    private async Task<RecordedCosting> OnAsync(string queue, CancellationToken cancellationToken) =>
        new(await _queues.OnAsync(queue, cancellationToken));

    private async Task ListAsync(
        BudgetLedger ledger, JobFilter filter, HistoryStore history, List<string> open, CancellationToken cancellationToken)
    {
        await foreach (ListedJob job in _lister.ListAsync(filter, cancellationToken))
        {
            if (job.Summary.ArrayProperties?.Size is > 0)
            {
                if (!_counted.Add(job.Summary.JobId)) continue;
                if (!s_ended.Contains(job.Summary.Status)) await AddWaitingAsync(ledger, job.Summary.JobId, cancellationToken);
                // Children that wait alike are counted by the array.
                foreach (string status in JobLister.Statuses.Except(s_waiting))
                {
                    await foreach (JobSummary child in _lister.ChildrenAsync(job.Summary.JobId, status, cancellationToken))
                        await PutAsync(ledger, child, history, open, cancellationToken);
                }
                continue;
            }
            await PutAsync(ledger, job.Summary, history, open, cancellationToken);
        }
    }

    private async Task PutAsync(
        BudgetLedger ledger, JobSummary job, HistoryStore history, List<string> open, CancellationToken cancellationToken)
    {
        // What has ended does not change any more.
        if (_known.TryGetValue(job.JobId, out RecordedJob? known) && known.HasEnded) return;
        open.Add(job.JobId);
        if (open.Count < DescribedAtOnce) return;
        await AddAsync(ledger, open, history, cancellationToken);
        open.Clear();
    }

    private async Task AddWaitingAsync(BudgetLedger ledger, string array, CancellationToken cancellationToken)
    {
        await foreach (JobDetail parent in _lister.DescribeAsync([array], cancellationToken))
        {
            IReadOnlyDictionary<string, int>? summary = parent.ArrayProperties?.StatusSummary;
            // The summary of an array that was just submitted may be empty.
            int waiting = (parent.ArrayProperties?.Size ?? 0)
                - JobLister.Statuses.Except(s_waiting).Sum(status => summary?.GetValueOrDefault(status) ?? 0);
            if (waiting <= 0) continue;
            var job = RecordedJob.Of(parent, context.Time.GetUtcNow());
            ledger.Wait(job, await OnAsync(parent.JobQueue, cancellationToken), Left(parent, TimeSpan.Zero), waiting);
        }
    }

    private async Task AddAsync(BudgetLedger ledger, List<string> ids, HistoryStore history, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in _lister.DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        KnownCosts costs = new(_queues, endpoint, history);
        List<(JobPlace Place, RecordedJob Job)> seen = [];
        foreach (JobDetail job in await AskedNodes.ReadAsync(batch, jobs, cancellationToken))
        {
            if (!_counted.Add(job.JobId)) continue;
            RecordedJob recorded = costs.Recall(job, now);
            if (recorded.Attempts.Count > 0 && JobPlace.Of(endpoint, job.JobArn) is { } place) seen.Add((place, recorded));
            Lengths.Add(recorded);
            Count(ledger, job, recorded, await OnAsync(job.JobQueue, cancellationToken), now);
        }
        foreach (IGrouping<JobPlace, RecordedJob> there in seen.GroupBy(one => one.Place, one => one.Job))
            history.Put(there.Key, [.. there]);
    }

    private void Count(BudgetLedger ledger, JobDetail job, RecordedJob recorded, RecordedCosting costing, DateTimeOffset now)
    {
        ledger.Spend(recorded, costing, now);
        if (recorded.HasEnded) return;
        if (recorded.OfJob.LastOrDefault() is { StoppedAt: null } running && running.Ran(now) >= TimeSpan.Zero)
            ledger.Run(recorded, costing, Left(job, running.Ran(now)));
        else ledger.Wait(recorded, costing, Left(job, TimeSpan.Zero));
    }

    private TimeSpan Left(JobDetail job, TimeSpan age) => Lengths.Left(
        job.JobName, job.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal), age,
        job.Timeout?.AttemptDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null);
}

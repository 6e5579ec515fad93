using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.History;

/// <summary>What a recorder has done since it began.</summary>
/// <param name="Jobs">Jobs that it has seen.</param>
/// <param name="Measured">Of them, those with an attempt whose instance it knows.</param>
public readonly record struct Recorded(int Jobs, int Measured);

/// <summary>
/// Keeps jobs in the history while they run, with the instances that they run on. It asks for a job when it is new, starts again or ends,
/// and for an instance once.
/// </summary>
/// <param name="batch">Batch.</param>
/// <param name="hosts">Carries operations of ECS and EC2 to the same place; null if there is none, and jobs are recorded alone.</param>
/// <param name="endpoint">Where Batch is: <see cref="JobPlace.Aws"/> or a URL.</param>
/// <param name="store">The history.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Hears once of what is refused or not answered.</param>
public sealed class JobRecorder(
    IAwsTransport batch, IAwsTransport? hosts, string endpoint, HistoryStore store, TimeProvider time, Action<Problem> report)
{
    // Of more arrays than this, the children of the rest are looked at in the next round.
    private const int ArraysAtOnce = 50;

    // (UG service_limits: DescribeJobs takes 100)
    private const int ClosedAtOnce = 100;

    // A job whose instance is not known yet is asked for again this often.
    private const int MostTries = 3;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(30);

    private readonly MeasuringFaults _faults = new(report);
    private readonly Dictionary<JobPlace, (HostReader Hosts, SpotHistory Prices)> _readers = [];
    private readonly Dictionary<string, long?> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Status, long? StartedAt, int Attempts)> _watched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lookedAt = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLook;
    private int _nextArray;

    /// <summary>What was done so far.</summary>
    public Recorded Done => new(_seen.Count, _seen.Values.Count(isMeasured => isMeasured));

    /// <summary>Records what a list of all active jobs shows: jobs that began to run, and those that are not in it any more.</summary>
    /// <param name="active">The jobs that have not ended; arrays once.</param>
    /// <param name="isWhole">Whether the list has all of them.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public async Task SeeAsync(IReadOnlyList<JobSummary> active, bool isWhole, CancellationToken cancellationToken)
    {
        List<JobSummary> now = [.. active.Where(job => job.ArrayProperties?.Size is not > 0)];
        JobSummary[] arrays = [.. active.Where(job => job.ArrayProperties?.Size is > 0)];
        foreach (JobSummary array in Some(arrays)) now.AddRange(await RunningAsync(array.JobId, cancellationToken));
        Dictionary<string, long?> running = now.Where(job => job.Status == JobStatus.Running)
            .GroupBy(job => job.JobId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().StartedAt, StringComparer.Ordinal);
        HashSet<string> known = [.. now.Select(job => job.JobId)];
        string[] begun =
        [
            .. running.Where(job => !_running.TryGetValue(job.Key, out long? before) || before != job.Value || IsWorthAsking(job.Key))
                .Select(job => job.Key),
        ];
        string[] gone = [.. _running.Keys.Where(id => isWhole && !known.Contains(id) && MayBeGone(id, arrays))];
        foreach (string id in gone) _running.Remove(id);
        foreach ((string id, long? started) in running) _running[id] = started;
        await DescribeAsync([.. begun, .. gone], cancellationToken);
    }

    /// <summary>Records jobs that DescribeJobs has answered; of an array its children that run.</summary>
    public async Task SeeAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken)
    {
        JobDetail[] single = [.. jobs.Where(IsRecorded)];
        Dictionary<string, List<JobDetail>> nodes = await NodesAsync(single, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var byPlace = single.Where(job => job.StartedAt is > 0 || job.Attempts is { Count: > 0 })
            .Select(job => (Place: JobPlace.Of(endpoint, job.JobArn) ?? JobPlace.Of(endpoint, job.JobQueue),
                Job: RecordedJob.Of(job, now, nodes.GetValueOrDefault(job.JobId))))
            .Where(one => one.Place is not null).GroupBy(one => one.Place!, one => one.Job);
        foreach (IGrouping<JobPlace, RecordedJob> place in byPlace) await RecordAsync(place.Key, [.. place], cancellationToken);
    }

    /// <summary>
    /// Records a job that is followed, given each answer of DescribeJobs: at once when it changes, an array's children every half minute.
    /// </summary>
    public async Task WatchAsync(JobDetail job, CancellationToken cancellationToken)
    {
        bool hasEnded = job.Status is JobStatus.Succeeded or JobStatus.Failed;
        if (job.ArrayProperties is { Size: > 0, Index: null })
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _nextLook && !hasEnded) return;
            _nextLook = now + s_pace;
            ArrayPropertiesSummary size = new() { Size = job.ArrayProperties.Size };
            await SeeAsync([new JobSummary { JobId = job.JobId, ArrayProperties = size }], isWhole: true, cancellationToken);
            return;
        }
        var state = (job.Status, job.StartedAt, job.Attempts?.Count ?? 0);
        bool isNew = !_watched.TryGetValue(job.JobId, out var before) || before != state;
        _watched[job.JobId] = state;
        if (isNew || IsWorthAsking(job.JobId)) await SeeAsync([job], cancellationToken);
    }

    /// <summary>
    /// Records how jobs ended that the history knows only as running, from an earlier watch for example; a hundred at a call.
    /// </summary>
    public async Task CloseAsync(JobPlace place, CancellationToken cancellationToken)
    {
        string[] open = [.. store.Open(place, ClosedAtOnce).Where(id => !_running.ContainsKey(id))];
        if (open.Length > 0) await DescribeAsync(open, cancellationToken);
    }

    private bool IsWorthAsking(string id) =>
        hosts is not null && _seen.TryGetValue(id, out bool isMeasured) && !isMeasured && _asked.GetValueOrDefault(id) < MostTries;

    private static bool IsRecorded(JobDetail job) =>
        job.ArrayProperties is not { Size: > 0, Index: null } && !job.JobId.Contains('#', StringComparison.Ordinal);

    // A child is gone only if its array was looked at in this round, or is gone itself.
    private bool MayBeGone(string id, JobSummary[] arrays)
    {
        string array = id.Split(':')[0];
        return array == id || _lookedAt.Contains(array) || !Array.Exists(arrays, one => one.JobId == array);
    }

    private List<JobSummary> Some(JobSummary[] arrays)
    {
        int count = Math.Min(arrays.Length, ArraysAtOnce);
        List<JobSummary> some = [.. Enumerable.Range(0, count).Select(i => arrays[(_nextArray + i) % arrays.Length])];
        _nextArray = arrays.Length == 0 ? 0 : (_nextArray + count) % arrays.Length;
        _lookedAt.Clear();
        _lookedAt.UnionWith(some.Select(array => array.JobId));
        return some;
    }

    private async Task<List<JobSummary>> RunningAsync(string array, CancellationToken cancellationToken)
    {
        List<JobSummary> children = [];
        await foreach (JobSummary child in new JobLister(batch).ChildrenAsync(array, JobStatus.Running, cancellationToken))
            children.Add(child with { Status = JobStatus.Running });
        return children;
    }

    private async Task DescribeAsync(string[] ids, CancellationToken cancellationToken)
    {
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in new JobLister(batch).DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        await SeeAsync(jobs, cancellationToken);
    }

    // Each node runs on an instance of its own.
    private async Task<Dictionary<string, List<JobDetail>>> NodesAsync(JobDetail[] jobs, CancellationToken cancellationToken)
    {
        string[] ids = [.. jobs.SelectMany(job => Enumerable.Range(0, job.NodeProperties?.NumNodes ?? 0)
            .Select(node => string.Create(CultureInfo.InvariantCulture, $"{job.JobId}#{node}")))];
        Dictionary<string, List<JobDetail>> nodes = new(StringComparer.Ordinal);
        await foreach (JobDetail node in new JobLister(batch).DescribeAsync(ids, cancellationToken))
        {
            string job = node.JobId.Split('#')[0];
            if (!nodes.TryGetValue(job, out List<JobDetail>? all)) nodes[job] = all = [];
            all.Add(node);
        }
        return nodes;
    }

    private async Task RecordAsync(JobPlace place, RecordedJob[] jobs, CancellationToken cancellationToken)
    {
        RecordedJob[] measured = await MeasureAsync(place, jobs, cancellationToken);
        store.Put(place, measured);
        foreach (RecordedJob job in measured)
        {
            _asked[job.Id] = _asked.GetValueOrDefault(job.Id) + 1;
            _seen[job.Id] = job.Attempts.Any(a => a.Instance is not null) || _seen.GetValueOrDefault(job.Id);
        }
    }

    private async Task<RecordedJob[]> MeasureAsync(JobPlace place, RecordedJob[] jobs, CancellationToken cancellationToken)
    {
        if (hosts is null) return jobs;
        if (!_readers.TryGetValue(place, out (HostReader Hosts, SpotHistory Prices) readers))
        {
            // A rehearsal gives its instances the same ids each time: only AWS's are known from before.
            HostReader reader = new(hosts, arn => place.IsAws ? store.Host(place, arn) : null, _faults);
            _readers[place] = readers = (reader, new SpotHistory(hosts, _faults));
        }
        IReadOnlyDictionary<string, HostInstance> found =
            await readers.Hosts.ReadAsync(jobs.SelectMany(job => job.Attempts).Select(a => a.Host).OfType<string>(), cancellationToken);
        RecordedJob[] known =
            [.. jobs.Select(job => With(job, a => a with { Instance = a.Host is { } host ? found.GetValueOrDefault(host) : null }))];
        await readers.Prices.ReadAsync(
            known.SelectMany(job => job.Attempts).Where(IsSpot).Select(a => (a.Instance!.Type, a.Instance.Zone, a.StartedAt)),
            cancellationToken);
        return [.. known.Select(job => With(
            job, a => IsSpot(a) ? a with { SpotUsd = readers.Prices.Find(a.Instance!.Type, a.Instance.Zone, a.StartedAt) } : a))];
    }

    private static bool IsSpot(RecordedAttempt attempt) => attempt.Instance?.Market == HostInstance.Spot;

    private static RecordedJob With(RecordedJob job, Func<RecordedAttempt, RecordedAttempt> change) =>
        job with { Attempts = [.. job.Attempts.Select(change)] };
}

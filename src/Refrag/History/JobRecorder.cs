using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.History;

/// <summary>What a recorder has done since it began.</summary>
/// <param name="Jobs">Jobs that it has seen.</param>
/// <param name="Measured">Of them, those whose last attempt has a known instance.</param>
public sealed record Recorded(int Jobs, int Measured);

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
    // Of more arrays than this, the children of the rest are listed in the next round.
    private const int ArraysAtOnce = 50;

    // Ten requests: of more jobs the rest is left to the next watch.
    private const int MostClosed = 1000;

    // A job whose instance is not known yet is asked for again this often.
    private const int MostTries = 3;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(30);

    // Batch forgets a job seven days after its end: one that was not seen for longer has no end to be asked for.
    private static readonly TimeSpan s_remembered = TimeSpan.FromDays(8);

    private readonly MeasuringFaults _faults = new(time, report);
    private readonly Dictionary<JobPlace, (HostReader Hosts, SpotHistory Prices)> _readers = [];
    private readonly Dictionary<string, (string? Status, long? StartedAt)> _active = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Status, long? StartedAt, int Attempts)> _watched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _nextLook = new(StringComparer.Ordinal);
    private int _nextArray;

    /// <summary>What was done so far.</summary>
    public Recorded Done => new(_seen.Count, _seen.Values.Count(isMeasured => isMeasured));

    /// <summary>Records what a list of all active jobs shows: jobs that began to run, and those that are not in it any more.</summary>
    /// <param name="active">The jobs that have not ended; arrays once.</param>
    /// <param name="isWhole">Whether the list has all of them.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public Task SeeAsync(IReadOnlyList<JobSummary> active, bool isWhole, CancellationToken cancellationToken)
    {
        HashSet<string> arrays = [.. active.Where(IsArray).Select(array => array.JobId)];
        string[] listed = Some([.. arrays]);
        // A child is gone only if its array was listed in this round, or is gone itself.
        return LookAsync(
            active, listed, id => isWhole && (!arrays.Contains(ArrayOf(id)) || listed.Contains(ArrayOf(id))), cancellationToken);
    }

    private async Task LookAsync(
        IReadOnlyList<JobSummary> active, string[] arrays, Func<string, bool> mayBeGone, CancellationToken cancellationToken)
    {
        Dictionary<string, JobSummary> now = new(StringComparer.Ordinal);
        foreach (JobSummary job in active.Where(job => !IsArray(job))) now[job.JobId] = job;
        foreach (string array in arrays)
        {
            await foreach (JobSummary child in new JobLister(batch).ChildrenAsync(array, JobStatus.Running, cancellationToken))
                now[child.JobId] = child with { Status = JobStatus.Running };
        }
        string[] begun = [.. now.Values.Where(job => job.Status == JobStatus.Running && IsNew(job)).Select(job => job.JobId)];
        string[] gone = [.. _active.Keys.Where(id => !now.ContainsKey(id) && mayBeGone(id))];
        await DescribeAsync([.. begun, .. gone], cancellationToken);
        foreach (string id in gone) _active.Remove(id);
        foreach (JobSummary job in now.Values) _active[job.JobId] = (job.Status, job.StartedAt);
    }

    /// <summary>Records jobs that DescribeJobs has answered; of an array its children that run.</summary>
    public async Task SeeAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken)
    {
        JobDetail[] single = [.. jobs.Where(IsRecorded)];
        Dictionary<string, List<JobDetail>> nodes = await NodesAsync(single, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var byPlace = single.Select(job => (Place: JobPlace.Of(endpoint, job.JobArn) ?? JobPlace.Of(endpoint, job.JobQueue),
                Job: RecordedJob.Of(job, now, nodes.GetValueOrDefault(job.JobId))))
            .Where(one => one.Place is not null).GroupBy(one => one.Place!, one => one.Job);
        foreach (IGrouping<JobPlace, RecordedJob> place in byPlace)
        {
            ILookup<bool, RecordedJob> byStart = place.ToLookup(HasStarted);
            // There is nothing to measure yet.
            store.Put(place.Key, [.. byStart[false]]);
            if (byStart.Contains(true)) await RecordAsync(place.Key, [.. byStart[true]], cancellationToken);
        }
    }

    private static bool HasStarted(RecordedJob job) => job.StartedAt is not null || job.Attempts.Count > 0;

    /// <summary>
    /// Records a job that is followed, given each answer of DescribeJobs: at once when it changes, an array's children every half minute.
    /// </summary>
    public async Task WatchAsync(JobDetail job, CancellationToken cancellationToken)
    {
        bool hasEnded = job.Status is JobStatus.Succeeded or JobStatus.Failed;
        if (job.ArrayProperties is { Size: > 0, Index: null })
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _nextLook.GetValueOrDefault(job.JobId) && !hasEnded) return;
            _nextLook[job.JobId] = now + s_pace;
            await LookAsync([], [job.JobId], id => ArrayOf(id) == job.JobId, cancellationToken);
            return;
        }
        var state = (job.Status, job.StartedAt, job.Attempts?.Count ?? 0);
        bool isNew = !_watched.TryGetValue(job.JobId, out var before) || before != state;
        _watched[job.JobId] = state;
        if (isNew || IsWorthAsking(job.JobId)) await SeeAsync([job], cancellationToken);
    }

    /// <summary>Records how jobs ended that the history knows only as running, from an earlier watch for example.</summary>
    public Task CloseAsync(JobPlace place, CancellationToken cancellationToken) => DescribeAsync(
        [.. store.Open(place, time.GetUtcNow() - s_remembered, MostClosed).Where(id => !_active.ContainsKey(id))], cancellationToken);

    private bool IsNew(JobSummary job) =>
        !_active.TryGetValue(job.JobId, out var before) || before != (job.Status, job.StartedAt) || IsWorthAsking(job.JobId);

    private bool IsWorthAsking(string id) =>
        hosts is not null && !_faults.IsPausing
        && _seen.TryGetValue(id, out bool isMeasured) && !isMeasured && _asked.GetValueOrDefault(id) < MostTries;

    private static bool IsRecorded(JobDetail job) =>
        job.ArrayProperties is not { Size: > 0, Index: null } && !job.JobId.Contains('#', StringComparison.Ordinal);

    private static bool IsArray(JobSummary job) => job.ArrayProperties is { Size: > 0, Index: null };

    private static string ArrayOf(string child) => child.Split(':')[0];

    private string[] Some(string[] arrays)
    {
        int count = Math.Min(arrays.Length, ArraysAtOnce);
        string[] some = [.. Enumerable.Range(0, count).Select(i => arrays[(_nextArray + i) % arrays.Length])];
        _nextArray = arrays.Length == 0 ? 0 : (_nextArray + count) % arrays.Length;
        return some;
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
        int unanswered = _faults.Unanswered;
        RecordedJob[] measured = await MeasureAsync(place, jobs, cancellationToken);
        bool isAnswered = _faults.Unanswered == unanswered;
        store.Put(place, measured);
        foreach (RecordedJob job in measured)
        {
            if (isAnswered) _asked[job.Id] = _asked.GetValueOrDefault(job.Id) + 1;
            _seen[job.Id] = job.OfJob.LastOrDefault()?.Instance is not null;
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

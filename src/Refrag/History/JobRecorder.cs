using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.History;

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

    // Ten requests: of more jobs the rest is left to the next call.
    private const int MostClosed = 1000;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(30);

    // Batch forgets a job seven days after its end: one that was not seen for longer has no end to be asked for.
    private static readonly TimeSpan s_remembered = TimeSpan.FromDays(8);

    private readonly MeasuringFaults _faults = new(time, report);
    private readonly Dictionary<JobPlace, (HostReader Hosts, SpotHistory Prices)> _readers = [];
    private readonly Dictionary<string, (string? Status, long? StartedAt)> _active = new(StringComparer.Ordinal);
    private readonly MeasuredJobs _jobs = new();
    private readonly Dictionary<JobPlace, Queue<string>> _open = [];
    private readonly Dictionary<string, (string Status, long? StartedAt, int Attempts)> _watched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _nextLook = new(StringComparer.Ordinal);
    private int _nextArray;

    /// <summary>What was done so far.</summary>
    public Recorded Done => _jobs.Done;

    /// <summary>How many jobs and hosts it remembers: those of now, however long it has been there.</summary>
    internal int Remembered => _active.Count + _jobs.Remembered + _readers.Values.Sum(reader => reader.Hosts.Remembered);

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
        HashSet<string> unwritten = await DescribeAsync([.. begun, .. gone], cancellationToken);
        foreach (string id in gone.Where(id => !unwritten.Contains(id))) _active.Remove(id);
        // One that was listed before its end, and described behind it, has nothing more to come.
        foreach (JobSummary job in now.Values.Where(job => !unwritten.Contains(job.JobId) && !_jobs.HasEnded(job.JobId)))
            _active[job.JobId] = (job.Status, job.StartedAt);
        // What is listed from now on was asked for behind their ends.
        _jobs.ForgetEnded();
    }

    /// <summary>Records jobs that DescribeJobs has answered; of an array its children that run.</summary>
    public Task SeeAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken) =>
        SeeAsync(jobs, time.GetUtcNow(), cancellationToken);

    // Returns the jobs that could not be written: the next look takes them up again.
    private async Task<HashSet<string>> SeeAsync(IReadOnlyList<JobDetail> jobs, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JobDetail[] single = [.. jobs.Where(IsRecorded)];
        Dictionary<string, List<JobDetail>> nodes = await NodesAsync(single, cancellationToken);
        ILookup<JobPlace, RecordedJob> byPlace = single
            .Select(job => (Place: JobPlace.Of(endpoint, job.JobArn) ?? JobPlace.Of(endpoint, job.JobQueue),
                Job: RecordedJob.Of(job, at, nodes.GetValueOrDefault(job.JobId))))
            .Where(one => one.Place is not null).ToLookup(one => one.Place!, one => one.Job);
        HashSet<string> unwritten = new(StringComparer.Ordinal);
        foreach (IGrouping<JobPlace, RecordedJob> place in byPlace)
        {
            ILookup<bool, RecordedJob> byStart = place.ToLookup(HasStarted);
            // There is nothing to measure yet.
            if (!store.Put(place.Key, [.. byStart[false]])) unwritten.UnionWith(byStart[false].Select(job => job.Id));
            if (byStart.Contains(true) && !await RecordAsync(place.Key, [.. byStart[true]], cancellationToken))
                unwritten.UnionWith(byStart[true].Select(job => job.Id));
        }
        foreach (string id in unwritten) _active[id] = default;
        foreach (RecordedJob ended in byPlace.SelectMany(place => place).Where(job => job.HasEnded && !unwritten.Contains(job.Id)))
            _active.Remove(ended.Id);
        return unwritten;
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
        if (!isNew && !IsWorthAsking(job.JobId)) return;
        if ((await SeeAsync([job], time.GetUtcNow(), cancellationToken)).Count == 0) _watched[job.JobId] = state;
    }

    /// <summary>
    /// Records how jobs ended that the history knew only as running when this was first called, from an earlier watch for example: a
    /// thousand with each call. Batch may have forgotten some: they are asked for once, and hold up nothing.
    /// </summary>
    /// <param name="place">Where they are.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    /// <returns>How many are still to be asked for; null if the file cannot be used now.</returns>
    public async Task<int?> CloseAsync(JobPlace place, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(place, out Queue<string>? open))
        {
            if (store.Open(place, time.GetUtcNow() - s_remembered, int.MaxValue) is not { } known) return null;
            _open[place] = open = new Queue<string>(known.Where(id => !_active.ContainsKey(id)));
        }
        string[] some = [.. open.Take(MostClosed)];
        if ((await DescribeAsync(some, cancellationToken)).Count > 0) return null;
        for (int i = 0; i < some.Length; i++) open.Dequeue();
        return open.Count;
    }

    private bool IsNew(JobSummary job) =>
        !_active.TryGetValue(job.JobId, out var before) || before != (job.Status, job.StartedAt) || IsWorthAsking(job.JobId);

    private bool IsWorthAsking(string id) =>
        hosts is not null && !_faults.IsPausing && _jobs.IsWorthAsking(id);

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

    private async Task<HashSet<string>> DescribeAsync(string[] ids, CancellationToken cancellationToken)
    {
        DateTimeOffset at = time.GetUtcNow();
        List<JobDetail> jobs = [];
        await foreach (JobDetail job in new JobLister(batch).DescribeAsync(ids, cancellationToken)) jobs.Add(job);
        return await SeeAsync(jobs, at, cancellationToken);
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

    private async Task<bool> RecordAsync(JobPlace place, RecordedJob[] jobs, CancellationToken cancellationToken)
    {
        int unanswered = _faults.Unanswered;
        RecordedJob[] measured = await MeasureAsync(place, jobs, cancellationToken);
        bool isAnswered = _faults.Unanswered == unanswered;
        if (!store.Put(place, measured)) return false;
        foreach (RecordedJob job in measured) _jobs.See(job, isAnswered);
        return true;
    }

    private async Task<RecordedJob[]> MeasureAsync(JobPlace place, RecordedJob[] jobs, CancellationToken cancellationToken)
    {
        if (hosts is null) return jobs;
        if (!_readers.TryGetValue(place, out (HostReader Hosts, SpotHistory Prices) readers))
        {
            // A rehearsal gives its instances the same ids each time: only AWS's are known from before.
            HostReader reader = new(hosts, arn => place.IsAws ? store.Host(place, arn) : null, _faults, time);
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

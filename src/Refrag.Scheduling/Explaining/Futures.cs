using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>Draws futures of a cluster, and rehearses each until a job starts. Holds what all of them share.</summary>
internal sealed class Futures
{
    private const long MostEvents = 200_000;
    private const long Forever = 3650L * 24 * 3_600_000;
    private static readonly TimeSpan s_horizon = TimeSpan.FromDays(60);

    // Where no instance has been seen to start: half and twice what is assumed otherwise.
    private static readonly TimeSpan s_usualStart = new Scenario().StartUp;
    // A copy, for the types and prices, and for what was learned about types that cannot be had.
    private readonly Cluster _template;
    private readonly DateTimeOffset _now;
    private readonly ClusterSnapshot _snapshot;
    private readonly DurationGuess _durations;
    private readonly LaterJobs _later;
    private readonly long[] _startUps;
    private readonly double _reclaims;
    private bool _isUnlimited;

    public Futures(Cluster cluster, Job job, DateTimeOffset now, ClusterSnapshot snapshot)
    {
        (_now, _snapshot) = (now, snapshot);
        _template = Cluster.From(snapshot with { Jobs = [] }, now, cluster.Catalogue, cluster.Prices);
        _template.CopyScarcity(cluster);
        Observations seen = cluster.Observations;
        // In its own line, if that goes by time, none of them gets before it; small jobs of other queues take what becomes free meanwhile.
        HashSet<string> overtaking =
            [.. StartQuestion.Neighbors(cluster, job).Where(one => one.IsFair || one != job.Queue).Select(one => one.Model.Name)];
        _later = new LaterJobs(seen.Arrivals.InOrder(), one => overtaking.Contains(one.Queue), now);
        _durations = new DurationGuess(seen.Durations, [.. snapshot.Jobs.Select(one => one.Request), .. _later.Past]);
        _startUps = seen.StartUps.InOrder();
        Array.Sort(_startUps);
        _reclaims = seen.ReclaimsPerHour(snapshot.Instances.Where(IsRunningSpot).Sum(Age));
    }

    /// <summary>From now to the job's start in one future; null if it does not start.</summary>
    public TimeSpan? Start(string jobId, Chance chance, CancellationToken cancellationToken)
    {
        Cluster copy = Cluster.From(_snapshot, _now, _template.Catalogue, _template.Prices);
        copy.CopyScarcity(_template);
        TimeSpan? started = null;
        long events = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DurationGuess durations = _durations.Copy();
        long startUp = StartUp(chance);
        var scenario = new Scenario
        {
            Seed = chance.Next(),
            StartUp = TimeSpan.FromMilliseconds(startUp),
            Injections = _reclaims > 0 ? [new SpotRate(_reclaims)] : [],
        };
        var simulator = new Simulator(copy, _now, scenario, one =>
        {
            if (one.Kind is SimulationEventKind.Started && one.JobId == jobId)
            {
                started ??= TimeSpan.FromMilliseconds(one.At);
                stop.Cancel();
            }
            else if (++events == MostEvents) stop.Cancel();
        }, _ => { });
        foreach (JobSnapshot one in _snapshot.Jobs) Adopt(simulator, one, durations, chance);
        foreach (InstanceSnapshot instance in _snapshot.Instances)
        {
            if (instance.IsStarting) simulator.Adopt(instance.Key, Left(Age(instance), startUp, chance));
            else simulator.Adopt(instance.Key);
        }
        simulator.Run(_later.Draw(request => Length(request, 0, durations, chance), chance), s_horizon, cancellationToken: stop.Token);
        return started;
    }

    public List<string> Assumptions()
    {
        List<string> assumptions =
        [
            $"in {StartForecast.LevelPercent} of 100 cases it starts between the two times, if what comes is like what was",
            "jobs last as long as those that are most like them did",
            _startUps.Length > 0
                ? "an instance takes as long to start as the last ones did"
                : $"an instance takes {s_usualStart.TotalSeconds / 2} to {s_usualStart.TotalSeconds * 2} seconds to start",
            _later.Any ? "as many jobs are submitted later as before" : "no job is submitted later that goes before it",
        ];
        if (_reclaims > 0) assumptions.Add("Spot instances are reclaimed as often as before");
        if (_isUnlimited)
            assumptions.Add("a job before it has neither a timeout nor one of its queue that has ended: it may end at once or never");
        return assumptions;
    }

    private void Adopt(Simulator simulator, JobSnapshot job, DurationGuess durations, Chance chance)
    {
        JobRequest request = job.Request with { Timeout = null };
        simulator.Adopt(new SimulatedJob(request, Length(job, durations, chance)) { Attempts = request.Attempts }, job.PlacedAt);
    }

    private TimeSpan Length(JobSnapshot job, DurationGuess durations, Chance chance) =>
        Length(job.Request, job.PlacedAt is { } since ? Math.Max(0, (long)(_now - since).TotalMilliseconds) : 0, durations, chance);

    private TimeSpan Length(JobRequest request, long age, DurationGuess durations, Chance chance)
    {
        long? timeout = request.Timeout is { } limit ? (long)limit.TotalMilliseconds : null;
        long length = durations.Draw(request, age, chance) ?? Unknown(age, timeout, chance);
        return TimeSpan.FromMilliseconds(Math.Min(length, timeout ?? Forever));
    }

    private long Unknown(long age, long? timeout, Chance chance)
    {
        if (timeout is { } limit) return age + (long)(chance.Part() * Math.Max(0, limit - age));
        _isUnlimited = true;
        return chance.Part() < 0.5 ? age : Forever;
    }

    // As with the lengths of jobs; below the shortest down to half of it, above the longest up to twice as long.
    private long StartUp(Chance chance)
    {
        if (_startUps.Length == 0) return (long)(s_usualStart.TotalMilliseconds * (0.5 + (1.5 * chance.Part())));
        int gap = chance.Number(_startUps.Length + 1);
        long from = gap > 0 ? _startUps[gap - 1] : _startUps[0] / 2;
        long to = gap < _startUps.Length ? _startUps[gap] : 2 * _startUps[^1];
        return from + (long)(chance.Part() * (to - from));
    }

    // One that has taken longer than it would takes half as long again.
    private static TimeSpan Left(long age, long startUp, Chance chance) =>
        TimeSpan.FromMilliseconds(age < startUp ? startUp - age : age * chance.Part() / 2);

    private long Age(InstanceSnapshot instance) =>
        instance.Since is { } since ? Math.Max(0, (long)(_now - since).TotalMilliseconds) : 0;

    private bool IsRunningSpot(InstanceSnapshot instance) => !instance.IsStarting
        && _template.EnvironmentModel(instance.Environment).Kind is ComputeEnvironmentKind.Spot;
}

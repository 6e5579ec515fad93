using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Simulation;

/// <summary>
/// Rehearses a workload on a cluster under virtual time. Deterministic: the same cluster, workload and scenario give the same events. For
/// one run.
/// </summary>
/// <param name="cluster">The cluster with its environments and queues, as it stands at the start.</param>
/// <param name="start">What the virtual clock shows at first.</param>
/// <param name="scenario">What goes wrong; null for nothing.</param>
/// <param name="sink">Takes each event as it happens; null for none.</param>
/// <param name="outcomes">Takes what becomes of each job, and the result has no list of it; null for a list in the result, which grows with
/// the jobs.</param>
public sealed class Simulator(
    Cluster cluster, DateTimeOffset start, Scenario? scenario = null, Action<SimulationEvent>? sink = null,
    Action<JobOutcome>? outcomes = null)
{
    // A century: what comes later does not come, and a TimeSpan ends somewhere.
    private const double MostHours = 24 * 36525;

    private readonly Scenario _scenario = scenario ?? new Scenario();
    private readonly EventLog _log = new(sink);
    private readonly Chance _chance = new((scenario ?? new Scenario()).Seed);
    private readonly Dictionary<string, LiveJob> _jobs = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ScheduledEvent, (long At, long Sequence)> _agenda = new();
    private readonly List<JobOutcome> _outcomes = [];
    private readonly InsufficientCapacity[] _capacity = [.. (scenario?.Injections ?? []).OfType<InsufficientCapacity>()];
    private readonly ImageFault[] _imageFaults = [.. (scenario?.Injections ?? []).OfType<ImageFault>()];
    private readonly SlowStart[] _slowStarts = [.. (scenario?.Injections ?? []).OfType<SlowStart>()];
    private readonly SpotRate[] _rates = [.. (scenario?.Injections ?? []).OfType<SpotRate>()];
    private long _sequence;
    private long _now;
    private long _wake = long.MaxValue;
    private long _rounds;

    // The last submission or end of an attempt that is known so far.
    private long _busyUntil;

    /// <summary>What changes environments meanwhile; null if nothing does.</summary>
    public SimulatedScaling? Scaling { get; init; }

    /// <summary>
    /// Runs until everything is over, nothing can happen any more, or the time is up.
    /// </summary>
    /// <param name="workload">The jobs by time of submission; one before the start is submitted at the start.</param>
    /// <param name="until">How long at most.</param>
    /// <param name="patience">
    /// How long jobs may wait while none runs and none is submitted any more: instances that start and end for other reasons would
    /// otherwise keep a job that never starts waiting forever. Null for any time.
    /// </param>
    /// <param name="cancellationToken">Ends it after the event at hand; what happened so far is returned.</param>
    public SimulationResult Run(
        IEnumerable<SimulatedJob> workload, TimeSpan? until = null, TimeSpan? patience = null,
        CancellationToken cancellationToken = default)
    {
        long most = patience is { } wait ? (long)wait.TotalMilliseconds : long.MaxValue;
        long end = until is { } limit ? (long)limit.TotalMilliseconds : long.MaxValue;
        foreach (Injection injection in _scenario.Injections) Schedule(injection);
        if (Scaling is not null) PlanScaling();
        using IEnumerator<SimulatedJob> jobs = workload.GetEnumerator();
        SimulatedJob? next = jobs.MoveNext() ? jobs.Current : null;
        // Whatever was adopted waits for a first decision.
        if (_jobs.Count > 0) Decide();
        while (!cancellationToken.IsCancellationRequested)
        {
            long at = Math.Min(next is null ? long.MaxValue : ArrivalOf(next), Math.Min(AgendaTime(), _wake));
            if (IsOver(next) || at > end || at == long.MaxValue || (next is null && at - _busyUntil > most)) break;
            _now = Math.Max(_now, at);
            for (; next is not null && ArrivalOf(next) <= _now; next = jobs.MoveNext() ? jobs.Current : null) Submit(next);
            while (AgendaTime() <= _now) Happen(_agenda.Dequeue());
            Decide();
        }
        return new SimulationResult
        {
            Events = _log.Count,
            Rounds = _rounds,
            Digest = _log.Digest,
            Ended = TimeSpan.FromMilliseconds(_now),
            Outcomes = _outcomes,
            Left = _jobs.Count,
        };
    }

    /// <summary>Takes over a job that is in the cluster already; it continues where it runs.</summary>
    internal void Adopt(SimulatedJob job, DateTimeOffset? placedAt)
    {
        var live = new LiveJob(job, ArrivalOf(job)) { Attempt = placedAt is null ? 0 : 1 };
        _jobs.Add(job.Request.Id, live);
        if (placedAt is not { } since) return;
        long end = Math.Max(0, (long)(since + job.Duration - start).TotalMilliseconds);
        Plan(end, new ScheduledEvent(ScheduledEventKind.End, live, live.Attempt, default, null));
    }

    /// <summary>Takes over an instance that is starting already.</summary>
    /// <param name="starting">The instance.</param>
    /// <param name="left">How much longer it takes.</param>
    internal void Adopt(InstanceKey starting, TimeSpan left) =>
        Plan((long)left.TotalMilliseconds, new ScheduledEvent(ScheduledEventKind.Up, null, 0, starting, null));

    /// <summary>Takes over an instance that takes jobs already.</summary>
    internal void Adopt(InstanceKey running) => PlanReclaims(running);

    private DateTimeOffset Clock => start.AddMilliseconds(_now);

    // Idle instances still come and go when the last job is over; that is not waited for.
    private bool IsOver(SimulatedJob? next) => next is null && _jobs.Count == 0 && _rounds > 0;

    private long AgendaTime() => _agenda.TryPeek(out _, out (long At, long Sequence) first) ? first.At : long.MaxValue;

    private long ArrivalOf(SimulatedJob job) => Math.Max(0, (long)(job.Request.SubmittedAt - start).TotalMilliseconds);

    private void Plan(long at, ScheduledEvent scheduled) => _agenda.Enqueue(scheduled, (at, _sequence++));

    private void PlanScaling() => Plan(
        _now + (long)Scaling!.Interval.TotalMilliseconds, new ScheduledEvent(ScheduledEventKind.Scaling, null, 0, default, null));

    private void Schedule(Injection injection)
    {
        ScheduledEventKind? kind = injection switch
        {
            SpotReclaim => ScheduledEventKind.Storm,
            RoleFault => ScheduledEventKind.Environment,
            _ => null,
        };
        if (kind is not { } known) return;
        Plan((long)injection.From.TotalMilliseconds, new ScheduledEvent(known, null, 0, default, injection));
        if (known is ScheduledEventKind.Environment && injection.Until < TimeSpan.MaxValue)
            Plan((long)injection.Until.TotalMilliseconds, new ScheduledEvent(known, null, 0, default, injection));
    }

    private void Submit(SimulatedJob job)
    {
        cluster.AddJob(job.Request, Clock);
        _jobs.Add(job.Request.Id, new LiveJob(job, _now));
        _busyUntil = Math.Max(_busyUntil, _now);
        _log.Add(new SimulationEvent(_now, SimulationEventKind.Submitted, job.Request.Id, default, null));
    }

    private void Happen(ScheduledEvent what)
    {
        switch (what.Kind)
        {
            case ScheduledEventKind.End:
                if (what.Job!.Attempt == what.Attempt)
                    EndAttempt(what.Job, what.Job.WillFail ? SimulationEventKind.Failed : SimulationEventKind.Succeeded);
                break;
            case ScheduledEventKind.Up:
                ComeUp(what.Instance);
                break;
            case ScheduledEventKind.Refusal:
                cluster.LaunchFailed(what.Instance, isCapacity: true, Clock);
                _log.Add(new SimulationEvent(_now, SimulationEventKind.Refused, null, what.Instance, null));
                break;
            case ScheduledEventKind.Reclaim:
                Reclaim(what.Instance);
                break;
            case ScheduledEventKind.Storm:
                Storm((SpotReclaim)what.Injection!);
                break;
            case ScheduledEventKind.Scaling:
                foreach (ComputeEnvironment changed in Scaling!.Decide(Clock)) cluster.SetEnvironment(changed);
                PlanScaling();
                break;
            default:
                SetFault((RoleFault)what.Injection!);
                break;
        }
    }

    private void EndAttempt(LiveJob job, SimulationEventKind kind)
    {
        string id = job.Job.Request.Id;
        if (kind is SimulationEventKind.Failed && job.Attempt < job.Job.Attempts)
        {
            cluster.Requeue(id, Clock);
            _log.Add(new SimulationEvent(_now, SimulationEventKind.Retried, id, default, null));
            return;
        }
        cluster.RemoveJob(id, Clock);
        Close(job, kind);
    }

    private void Close(LiveJob job, SimulationEventKind kind)
    {
        string id = job.Job.Request.Id;
        _jobs.Remove(id);
        var outcome = new JobOutcome(id, kind, job.SubmittedAt, job.StartedAt, _now, job.Attempt) { FirstStartedAt = job.FirstStartedAt };
        if (outcomes is null) _outcomes.Add(outcome);
        else outcomes(outcome);
        _log.Add(new SimulationEvent(_now, kind, id, default, null));
    }

    private void ComeUp(InstanceKey key)
    {
        cluster.InstanceUp(key, Clock);
        _log.Add(new SimulationEvent(_now, SimulationEventKind.Up, null, key, null));
        PlanReclaims(key);
    }

    private void PlanReclaims(InstanceKey key)
    {
        if (!cluster.IsSpot(key)) return;
        foreach (SpotRate rate in _rates)
        {
            if (!rate.Concerns(cluster.EnvironmentOf(key))) continue;
            double hours = _chance.Exponential() / rate.PerHour;
            if (hours > MostHours) continue;
            TimeSpan at = TimeSpan.FromMilliseconds(_now) + TimeSpan.FromHours(hours);
            if (rate.IsOn(at)) Plan((long)at.TotalMilliseconds, new ScheduledEvent(ScheduledEventKind.Reclaim, null, 0, key, null));
        }
    }

    private void Reclaim(InstanceKey key)
    {
        if (!cluster.IsSpot(key)) return;
        cluster.InstanceDown(key, Clock);
        _log.Add(new SimulationEvent(_now, SimulationEventKind.Reclaimed, null, key, null));
    }

    private void Storm(SpotReclaim storm)
    {
        List<InstanceKey> running = cluster.RunningSpot(storm.Environment);
        int count = (int)Math.Ceiling(running.Count * storm.Part);
        count = Math.Min(storm.Count ?? count, count);
        for (; count > 0; count--)
        {
            int pick = _chance.Number(running.Count);
            Reclaim(running[pick]);
            running.RemoveAt(pick);
        }
    }

    private void SetFault(RoleFault fault)
    {
        ComputeEnvironment environment = cluster.EnvironmentModel(fault.Environment);
        cluster.SetEnvironment(environment with { HasRoleFault = fault.IsOn(TimeSpan.FromMilliseconds(_now)) });
    }

    private void Decide()
    {
        Plan plan;
        do
        {
            plan = cluster.Decide(Clock);
            _rounds++;
            Carry(plan);
        }
        while (!plan.IsComplete || plan.Failures.Count > 0);
        // A start within a millisecond: a wake is due when its whole millisecond is over, not before.
        _wake = plan.NextWake is { } wake ? Math.Max(_now, (long)Math.Ceiling((wake - start).TotalMilliseconds)) : long.MaxValue;
    }

    private void Carry(Plan plan)
    {
        foreach (LostJob lost in plan.Failures) EndAttempt(_jobs[lost.JobId], SimulationEventKind.Failed);
        foreach (CanceledJob canceled in plan.Cancellations) Close(_jobs[canceled.JobId], SimulationEventKind.Canceled);
        foreach (BlockedChange block in plan.Blocks)
            _log.Add(new SimulationEvent(_now, SimulationEventKind.Blocked, block.JobId, default, block.Reason));
        foreach (Placement placement in plan.Placements) Start(placement);
        foreach (InstanceKey key in plan.Terminations) _log.Add(new SimulationEvent(_now, SimulationEventKind.Terminated, null, key, null));
        foreach (Launch launch in plan.Launches) Begin(launch);
    }

    private void Start(Placement placement)
    {
        LiveJob job = _jobs[placement.JobId];
        job.Attempt++;
        job.StartedAt = _now;
        if (job.FirstStartedAt < 0) job.FirstStartedAt = _now;
        _log.Add(new SimulationEvent(_now, SimulationEventKind.Started, placement.JobId, placement.Instance, placement.Environment));
        (TimeSpan length, job.WillFail) = Length(job.Job, placement.Environment);
        _busyUntil = Math.Max(_busyUntil, _now + (long)length.TotalMilliseconds);
        Plan(_now + (long)length.TotalMilliseconds, new ScheduledEvent(ScheduledEventKind.End, job, job.Attempt, default, null));
    }

    private (TimeSpan Length, bool Fails) Length(SimulatedJob job, string environment)
    {
        foreach (ImageFault fault in _imageFaults)
        {
            if (fault.IsOn(TimeSpan.FromMilliseconds(_now)) && (fault.Environment is null || fault.Environment == environment))
                return (TimeSpan.Zero, true);
        }
        return job.Request.Timeout is { } timeout && timeout < job.Duration ? (timeout, true) : (job.Duration, false);
    }

    private void Begin(Launch launch)
    {
        _log.Add(new SimulationEvent(_now, SimulationEventKind.Launched, null, launch.Instance, launch.Type));
        TimeSpan at = TimeSpan.FromMilliseconds(_now);
        bool isRefused = Array.Exists(_capacity, rule => rule.IsOn(at) && rule.Concerns(launch));
        TimeSpan delay = isRefused ? _scenario.Refusal : _scenario.StartUp;
        if (!isRefused)
        {
            foreach (SlowStart slow in _slowStarts) delay += slow.IsOn(at) ? slow.Extra : TimeSpan.Zero;
        }
        ScheduledEventKind kind = isRefused ? ScheduledEventKind.Refusal : ScheduledEventKind.Up;
        Plan(_now + (long)delay.TotalMilliseconds, new ScheduledEvent(kind, null, 0, launch.Instance, null));
    }
}

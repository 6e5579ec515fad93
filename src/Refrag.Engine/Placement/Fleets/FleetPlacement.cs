using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.State;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Start = Refrag.Scheduling.Deciding.Placement;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>
/// Placement on simulated fleets: the scheduling core decides, the fault injector says what becomes of its launches, and
/// <see cref="MachineAdmission"/> when a placed job starts on this machine. Owned by the writer loop.
/// </summary>
internal sealed class FleetPlacement(EngineState state, FleetOptions options, HostLedger machine, ConsumableLedger consumables)
{
    private readonly FaultInjector _faults = new(options.Scenario, options.ScenarioStart ?? state.Time.GetUtcNow());
    private readonly FleetInventory _inventory = new(state.Time);
    private readonly List<string> _held = [];
    private readonly HashSet<string> _mistaken = [];
    private readonly List<Injection> _begun = [];
    private Cluster? _cluster;
    private HashSet<string> _queues = [];
    private HashSet<string> _environments = [];
    private bool _isStale = true;
    private DateTimeOffset _now;
    private IDisposable? _wake;

    /// <summary>Whether a queue's jobs go to fleets: it has a managed environment.</summary>
    public bool Serves(string queue)
    {
        if (_isStale && _cluster is null) return state.JobQueues.Find(queue) is { } found && IsManaged(found);
        return _queues.Contains(queue);
    }

    /// <summary>Whether a queue has a managed compute environment.</summary>
    public bool IsManaged(JobQueueDetail queue) =>
        queue.ComputeEnvironmentOrder.Any(one => state.ComputeEnvironments.Find(one.ComputeEnvironment) is { Type: CEType.Managed });

    /// <summary>Hears that queues, environments or policies have changed.</summary>
    public void ResourcesChanged() => _isStale = true;

    /// <summary>Lets something go wrong from now on.</summary>
    public void Inject(Injection injection)
    {
        _faults.Inject(injection, Now());
        state.MayPlace = true;
    }

    /// <summary>The instances as hosts of jobs.</summary>
    public FleetHosts Hosts => field ??= new FleetHosts(state, options, _inventory);

    /// <summary>What the instances have taken since the engine started.</summary>
    public IReadOnlyList<FleetUsage> Usage() => _inventory.Usage();

    /// <summary>Asks when a job will start; null if it does not wait for an instance.</summary>
    public StartQuestion? AskForStart(string jobId)
    {
        try
        {
            return _cluster?.AskForStart(jobId, Now());
        }
        catch (ArgumentException e)
        {
            // A copy that cannot be made is no fault of the engine, which continues.
            state.Report($"When {jobId} will start is not known", e);
            return null;
        }
    }

    /// <summary>The vCPUs of an environment's instances, starting ones too.</summary>
    public int VCpusOf(string environment) =>
        _inventory.All.Where(one => one.Environment == environment).Sum(one => options.Catalogue.Find(one.Type)?.VCpus ?? 0);

    /// <summary>Whether an environment has had an instance that came up.</summary>
    public bool HasLaunched(string environment) => _inventory.HasLaunched(environment);

    /// <summary>The ids of a queue's waiting jobs, those before the others that have a place already and wait for this machine.</summary>
    public IEnumerable<string> Order(string queue) =>
    [
        .. Admission.Waiting.Where(id => state.Jobs[id].Plan.Queue == queue),
        .. _cluster?.HasQueue(queue) == true ? _cluster.Front(queue, Now()) : [],
        .. _held.Where(id => state.Jobs.TryGet(id, out Job? job) && job.Plan.Queue == queue),
    ];

    /// <summary>
    /// Takes in what has changed of queues, environments and policies; before any choice, so that every job has one who looks after
    /// it.
    /// </summary>
    public void Refresh()
    {
        if (_isStale) Synchronize(Now());
    }

    /// <summary>What is to happen now; after <see cref="Refresh"/>.</summary>
    public Decisions Choose()
    {
        DateTimeOffset now = Now();
        if (_cluster is null) return new Decisions();
        while (_faults.Due(now) is { } fleetEvent) Happen(fleetEvent, now);
        if (_isStale) Synchronize(now);
        ReportBegun();
        EnterHeld(now);
        List<(string, string)> canceled = [];
        List<string> lost = [];
        List<(string, BlockedCause?, string?)> blocked = [];
        DateTimeOffset? wake = null;
        for (bool isComplete = false; !isComplete;)
        {
            Plan plan = _cluster.Decide(now);
            string[] again = [.. plan.Failures.Select(one => one.JobId).Where(id => WaitsAgain(id, now))];
            (isComplete, wake) = (plan.IsComplete && again.Length == 0, plan.NextWake);
            canceled.AddRange(plan.Cancellations.Select(one => (one.JobId, one.Reason)));
            blocked.AddRange(again.Select(id => (id, (BlockedCause?)null, (string?)null)));
            lost.AddRange(plan.Failures.Select(one => one.JobId).Except(again));
            blocked.AddRange(plan.Blocks.Select(one => (one.JobId, one.Cause, one.Reason)));
            Carry(plan, now);
        }
        wake = Earlier(wake, Mistake(blocked, now));
        WakeAt(Earlier(wake, _faults.Next), now);
        List<Placed> admitted = Admission.Admit(now);
        // Those that have an instance and wait for this machine; where as many started as may, the others do in the next step.
        if (admitted.Count < Decisions.MostStarts)
            blocked.AddRange(Admission.Waiting.Select(id => (id, (BlockedCause?)null, (string?)Admission.WaitsText(state.Jobs[id]))));
        return new Decisions { Placed = admitted, Canceled = canceled, Lost = lost, Blocked = blocked };
    }

    // What a scenario lets Batch say of the heads for which instances are starting, and of no other; once of each job. Gives when it says
    // so next.
    private DateTimeOffset? Mistake(List<(string, BlockedCause?, string?)> blocked, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (JobQueueDetail queue in _queues.Select(state.JobQueues.Find).OfType<JobQueueDetail>())
        {
            if (_cluster!.Front(queue.JobQueueName, now, 1) is not [var head] || _mistaken.Contains(head)) continue;
            Job job = state.Jobs[head];
            IReadOnlyList<string> starting = _cluster.StartingFor(head);
            DateTimeOffset? at = _faults.MistakenAt(SaturatingTime.FromUnixTime(job.RunnableSince ?? job.CreatedAt),
                named => named is null ? starting.Count > 0 : starting.Contains(named, StringComparer.Ordinal), now);
            if (at > now) next = Earlier(next, at);
            else if (at is not null && _mistaken.Add(head))
                blocked.Add((head, BlockedCause.JobRequirement, BlockedCause.JobRequirement.Reason()));
        }
        return next;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    /// <summary>Hears of a job's new record.</summary>
    public void Note(Job job)
    {
        // What is not known yet is read from the records when the cluster is made.
        if (_cluster is null || job.IsArrayParent || job.Plan.Kind is JobKind.Service) return;
        FleetJobState? jobState = _inventory.StateOf(job.Id);
        if (job.State is JobState.Runnable)
        {
            if (jobState is not (null or FleetJobState.Started or FleetJobState.Adrift)) return;
            if (Serves(job.Plan.Queue)) Enter(job, jobState);
            else if (jobState is { } past) Leave(job, past);
        }
        else if (job.State.IsFinal() && jobState is not null) Leave(job, jobState.Value);
    }

    /// <summary>Gives a job that runs its share of this machine.</summary>
    public void Restore(Job job) => Admission.Restore(job);

    private MachineAdmission Admission => field ??= new MachineAdmission(state, options, machine, _inventory, _faults);

    private DateTimeOffset Now()
    {
        // The core's time never goes back, whatever the clock does.
        DateTimeOffset now = state.Time.GetUtcNow();
        return _now = now > _now ? now : _now;
    }

    private void Enter(Job job, FleetJobState? jobState)
    {
        if (job.Plan.Consumables.Count > 0)
        {
            if (jobState is FleetJobState.Started) _cluster!.RemoveJob(job.Id, Now());
            _inventory.Put(job.Id, FleetJobState.Held);
            _held.Add(job.Id);
            return;
        }
        if (jobState is FleetJobState.Started) _cluster!.Requeue(job.Id, Now());
        else _cluster!.AddJob(FleetModel.Request(job), Now());
        _inventory.Put(job.Id, FleetJobState.Waiting);
    }

    private void Leave(Job job, FleetJobState jobState)
    {
        _inventory.Remove(job.Id);
        _mistaken.Remove(job.Id);
        if (jobState is FleetJobState.Held) _held.Remove(job.Id);
        else _cluster!.RemoveJob(job.Id, Now());
        // What a started job held was given back at the end of its attempt.
        if (jobState is FleetJobState.Waiting or FleetJobState.Placed) consumables.PutBack(job);
    }

    // What waits in a queue that goes to this machine now waits as if it had come there.
    private void Dismiss(IEnumerable<string> queues)
    {
        foreach (Job job in state.Jobs.Runnable.Of([.. queues]).Select(id => state.Jobs[id]).ToList())
        {
            if (_inventory.StateOf(job.Id) is { } jobState) Leave(job, jobState);
        }
    }

    // A job takes what it consumes before it enters the order: the core knows nothing of it.
    private void EnterHeld(DateTimeOffset now)
    {
        foreach (string id in _held.ToList())
        {
            Job job = state.Jobs[id];
            if (!consumables.Fits(job)) continue;
            consumables.Reserve(job);
            _held.Remove(id);
            _cluster!.AddJob(FleetModel.Request(job), now);
            _inventory.Put(id, FleetJobState.Waiting);
        }
    }

    private void Carry(Plan plan, DateTimeOffset now)
    {
        foreach (Launch launch in plan.Launches)
        {
            _inventory.Add(launch);
            _faults.Launched(launch, now);
        }
        foreach (InstanceKey gone in plan.Terminations) _inventory.Remove(gone);
        foreach (Start start in plan.Placements)
        {
            // An attempt that is being killed with its instance is not placed anew before it has ended.
            if (_inventory.StateOf(start.JobId) is not FleetJobState.Waiting) continue;
            Admission.Add(start);
        }
    }

    // A job that has not started has lost nothing with its instance but its place.
    private bool WaitsAgain(string jobId, DateTimeOffset now)
    {
        if (_inventory.StateOf(jobId) is not FleetJobState.Placed) return false;
        Admission.Remove(jobId);
        _cluster!.Requeue(jobId, now);
        _inventory.Put(jobId, FleetJobState.Waiting);
        return true;
    }

    private void Happen(FleetEvent fleetEvent, DateTimeOffset now)
    {
        switch (fleetEvent.Kind)
        {
            case FleetEventKind.Up when _inventory.ComeUp(fleetEvent.Instance) is { } up:
                _cluster!.InstanceUp(fleetEvent.Instance, now);
                if (up.IsSpot) _faults.CameUp(fleetEvent.Instance, up.Environment, now);
                break;
            case FleetEventKind.Refused when _inventory.Refuse(fleetEvent.Instance):
                _cluster!.LaunchFailed(fleetEvent.Instance, isCapacity: true, now);
                break;
            case FleetEventKind.Reclaimed when _inventory.Remove(fleetEvent.Instance):
                _cluster!.InstanceDown(fleetEvent.Instance, now);
                break;
            case FleetEventKind.Storm when fleetEvent.Begun is SpotReclaim storm:
                List<InstanceKey> running = _inventory.RunningSpot(storm.Environment);
                if (running.Count == 0) state.Options.Log(InjectionTargets.NothingToReclaim(storm));
                foreach (InstanceKey taken in _faults.ReclaimedBy(storm, running))
                {
                    _inventory.Remove(taken);
                    _cluster!.InstanceDown(taken, now);
                }
                break;
            case FleetEventKind.Change:
                _isStale = true;
                if (fleetEvent.Begun is { } begun) _begun.Add(begun);
                break;
        }
    }

    // A slip in a scenario would otherwise be a rehearsal in which nothing goes wrong.
    private void ReportBegun()
    {
        if (_begun.Count == 0) return;
        ComputeEnvironment[] environments =
            [.. state.ComputeEnvironments.All.Select(one => FleetModel.Environment(one, options, state.Arns.Region, hasRoleFault: false))];
        foreach (Injection begun in _begun)
        {
            if (InjectionTargets.Missing(begun, environments, options.Catalogue) is { } missing) state.Options.Log(missing);
        }
        _begun.Clear();
    }

    private void Synchronize(DateTimeOffset now)
    {
        _isStale = false;
        List<JobQueueDetail> queues = [.. state.JobQueues.All.Where(IsManaged)];
        if (_cluster is null && queues.Count == 0) return;
        HashSet<string> names = [.. queues.Select(queue => queue.JobQueueName)];
        List<ComputeEnvironment> environments = Environments(now);
        bool isLess = _cluster is null || !names.IsSupersetOf(_queues)
            || !_environments.IsSubsetOf(environments.Select(environment => environment.Name));
        Dismiss(_queues.Except(names));
        // The core adds and updates; where something has gone, or changes its nature, it is made anew from the records.
        if (isLess || !FleetStart.Update(_cluster!, environments, queues, state))
        {
            _cluster = FleetStart.Make(state, options, _inventory, queues, _cluster, environments, now);
            // In the new core all that has not started waits; a place in the old one means nothing any more.
            Admission.Clear();
        }
        _environments = [.. environments.Select(environment => environment.Name)];
        if (!names.SetEquals(_queues))
        {
            _queues = names;
            foreach (Job job in state.Jobs.Runnable
                .Of([.. names]).Select(id => state.Jobs[id]).Where(job => _inventory.StateOf(job.Id) is null).ToList()) Enter(job, null);
        }
    }

    private List<ComputeEnvironment> Environments(DateTimeOffset now)
    {
        foreach (ComputeEnvironmentDetail detail in state.ComputeEnvironments.All
            .Where(one => one.Status is CEStatus.Valid or CEStatus.Updating).ToList())
        {
            // What may be a type that is newer than the catalogue is none of the environment's faults.
            if (detail is { Type: CEType.Managed, ComputeResources: { } resources }
                && FleetModel.TypeNames(resources) is { Count: > 0 } types
                && !options.Catalogue.Resolve(types.Where(type => !InstanceTypeName.IsPlausible(type)))
                    .TryGet(out _, out IReadOnlyList<Problem> problems))
                state.ComputeEnvironments.Put(
                    detail with { Status = CEStatus.Invalid, StatusReason = $"CLIENT_ERROR - {problems[0].What}" });
        }
        _isStale = false;
        return [.. state.ComputeEnvironments.All.Select(
            one => FleetModel.Environment(one, options, state.Arns.Region, _faults.HasRoleFault(one.ComputeEnvironmentName, now)))];
    }

    private void WakeAt(DateTimeOffset? at, DateTimeOffset now)
    {
        _wake?.Dispose();
        _wake = at is { } time ? state.Time.RunAfter(time - now, () => state.Later(() => state.MayPlace = true)) : null;
    }
}

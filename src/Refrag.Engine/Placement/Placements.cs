using Refrag.Engine.Jobs;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.State;

namespace Refrag.Engine.Placement;

/// <summary>
/// Decides who of those that wait gets a place now, and where; the only place where that is decided. Jobs of queues with a managed
/// environment go to simulated fleets, where there are such; all others to this machine. Owned by the writer loop.
/// </summary>
internal sealed class Placements : IStateObserver
{
    private readonly EngineState _state;
    private readonly HostLedger _ledger;
    private readonly HostPlacement _machine;
    private readonly FleetPlacement? _fleets;

    /// <summary>Placement for one engine.</summary>
    /// <param name="state">The engine's state.</param>
    /// <param name="machine">The machine that it shares with other engines; null if it has it for itself.</param>
    public Placements(EngineState state, SharedMachine? machine = null)
    {
        _state = state;
        _ledger = new HostLedger(
            machine ?? new SharedMachine(state.Options.VCpus, state.Options.Memory), () => state.Later(() => state.MayPlace = true));
        var consumables = new ConsumableLedger(state);
        _fleets = state.Options.Fleets is { } options ? new FleetPlacement(state, options, _ledger, consumables) : null;
        _machine = new HostPlacement(state, _ledger, consumables, queue => _fleets?.IsManaged(queue) != true);
        state.Observer = this;
    }

    /// <summary>The fleets; null if there are none.</summary>
    public FleetPlacement? Fleets => _fleets;

    /// <summary>What is to happen now. What the jobs that start need is theirs from then on, until <see cref="Release"/>.</summary>
    public Decisions Choose()
    {
        _fleets?.Refresh();
        // What runs on this machine alone comes first: a rehearsal must not hold it up.
        Decisions here = _machine.Choose();
        if (_fleets is null) return here;
        Decisions there = _fleets.Choose();
        return there with
        {
            Placed = [.. here.Placed, .. there.Placed],
            Blocked = [.. here.Blocked, .. there.Blocked],
            Preempted = here.Preempted,
        };
    }

    /// <summary>The ids of a queue's runnable jobs in the order in which they would start; the first hundred at least.</summary>
    public IEnumerable<string> Order(string queue) => Serves(queue) ? _fleets!.Order(queue) : _machine.Order(queue);

    /// <inheritdoc/>
    public void OnJobChanged(Job job) => _fleets?.Note(job);

    /// <inheritdoc/>
    public void OnQueuesChanged() => _fleets?.ResourcesChanged();

    /// <summary>Gives a job that was running before the engine started what it had.</summary>
    public void Restore(Job job)
    {
        if (Serves(job.Plan.Queue)) _fleets!.Restore(job);
        else _machine.Restore(job);
        for (int node = 0; node < job.Nodes.Count; node++)
        {
            if (job.Nodes[node].HasEnded) ReleaseNode(job, node);
        }
    }

    /// <summary>
    /// Takes back what a node of this machine had, when it has ended before its job. An instance of a fleet stays the job's.
    /// </summary>
    public void ReleaseNode(Job job, int node)
    {
        if (job.Plan.Simulated is not null || job.Plan.Nodes.ElementAtOrDefault(node) is not { } plan) return;
        IReadOnlyList<string> gpus = job.Nodes[node].Gpus ?? [];
        _ledger.ReleasePart(job.Id, plan.Demand with { Gpus = new Gpus(gpus.Count) }, gpus);
        _state.MayPlace = true;
    }

    /// <summary>Takes back what an attempt had.</summary>
    public void Release(Job job) => _machine.Release(job);

    /// <summary>The most GPUs that a job of a queue can have; null if this machine does not limit them.</summary>
    public Gpus? MostGpus(string queue) => Serves(queue) ? null : _ledger.Capacity.Gpus;

    /// <summary>The vCPUs of an environment's instances; null if it has none of its own.</summary>
    public int? VCpusOf(string environment) => _fleets?.VCpusOf(environment);

    /// <summary>Whether an environment has had an instance of its own since this engine started.</summary>
    public bool HasLaunched(string environment) => _fleets?.HasLaunched(environment) == true;

    /// <summary>Says which GPUs this machine has.</summary>
    public void SetGpus(IReadOnlyList<string> ids) => _ledger.SetGpus(ids);

    private bool Serves(string queue) => _fleets?.Serves(queue) == true;
}

using System.Globalization;
using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.State;
using Refrag.Scheduling.Clusters;
using Start = Refrag.Scheduling.Deciding.Placement;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>
/// The jobs that have a place on a simulated instance and have not started. One that really runs takes this machine's cores and memory
/// besides, and waits for them here, in its order. Owned by the writer loop.
/// </summary>
internal sealed class MachineAdmission(
    EngineState state, FleetOptions options, HostLedger machine, FleetInventory inventory, FaultInjector faults)
{
    private readonly Queue<Start> _placed = new();

    /// <summary>The ids of the jobs that wait, in their order.</summary>
    public IEnumerable<string> Waiting => _placed.Select(start => start.JobId).Where(IsPlaced);

    /// <summary>Takes a job that was placed.</summary>
    public void Add(Start start)
    {
        inventory.Put(start.JobId, FleetJobState.Placed);
        _placed.Enqueue(start);
    }

    /// <summary>Forgets the place of a job.</summary>
    public void Remove(string jobId)
    {
        Start[] others = [.. _placed.Where(start => start.JobId != jobId)];
        _placed.Clear();
        foreach (Start other in others) _placed.Enqueue(other);
    }

    /// <summary>Forgets all places.</summary>
    public void Clear() => _placed.Clear();

    /// <summary>Gives a job that runs its share of this machine.</summary>
    public void Restore(Job job)
    {
        if (!options.TakesMachine) return;
        // The machine's GPUs are not known yet.
        string[] gpus = [.. job.Nodes.SelectMany(node => node.Gpus ?? [])];
        machine.Restore(job.Id, job.Plan.HostDemand with { Gpus = new Gpus(gpus.Length) }, gpus);
    }

    /// <summary>Those that start now, in their order: all, where nothing really runs; else as many as this machine holds.</summary>
    public List<Placed> Admit(DateTimeOffset now)
    {
        List<Placed> admitted = [];
        while (admitted.Count < Decisions.MostStarts && _placed.TryPeek(out Start start))
        {
            // It was canceled meanwhile.
            if (IsPlaced(start.JobId))
            {
                Job job = state.Jobs[start.JobId];
                // After a restart: which GPUs there are is being found out, and without that the job would run without any.
                if (options.TakesMachine && !state.KnowsGpus && job.Plan.HostDemand.Gpus.Value > 0) break;
                if (options.TakesMachine
                    && machine.TryReserve(job.Id, MachineDemand(job)) is AdmissionAnswer.Wait or AdmissionAnswer.WaitForGpus) break;
                admitted.Add(Admit(job, start, now));
            }
            _placed.Dequeue();
        }
        return admitted;
    }

    /// <summary>Why a job waits here, for its status.</summary>
    public string WaitsText(Job job) => string.Create(
        CultureInfo.InvariantCulture,
        $"A rehearsal: an instance of the fleet is there; the job waits for {MachineDemand(job)} of this machine, which has "
            + $"{machine.Capacity}.");

    private bool IsPlaced(string jobId) => inventory.StateOf(jobId) is FleetJobState.Placed;

    private Placed Admit(Job job, Start start, DateTimeOffset now)
    {
        inventory.Put(job.Id, FleetJobState.Started);
        IReadOnlyList<InstanceKey> nodes = start.Nodes ?? (start.Instance == InstanceKey.None ? [] : [start.Instance]);
        int missing = options.TakesMachine ? job.Plan.HostDemand.Gpus.Value - machine.GpusOf(job.Id).Count : 0;
        return new Placed(job, start.Environment, machine.GpusOf(job.Id), missing > 0 ? MissingText(missing) : null)
        {
            Instances = [.. nodes.Select(inventory.Get)],
            Fault = faults.StartFault(start.Environment, job.Plan.Roles(), now),
        };
    }

    private Demand MachineDemand(Job job)
    {
        Demand wanted = job.Plan.HostDemand;
        return wanted with { Gpus = new Gpus(Math.Min(wanted.Gpus.Value, machine.Capacity.Gpus.Value)) };
    }

    private static string MissingText(int missing) => string.Create(
        CultureInfo.InvariantCulture,
        $"A rehearsal: this machine lacks {missing} of the job's {(missing == 1 ? "GPU" : "GPUs")}, and it runs without.");
}

using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>What the jobs of one engine have of this machine. Owned by the writer loop.</summary>
/// <param name="machine">The machine, which other engines may share.</param>
/// <param name="wake">Lets the engine look again at the jobs that wait; called from any thread.</param>
internal sealed class HostLedger(SharedMachine machine, Action wake)
{
    private readonly Dictionary<string, Demand> _held = [];
    private readonly Dictionary<string, List<string>> _heldGpus = [];

    /// <summary>What the machine has.</summary>
    public Demand Capacity => machine.Capacity;

    /// <summary>Says which GPUs there are; before, there are none.</summary>
    public void SetGpus(IReadOnlyList<string> ids) => machine.SetGpus(this, ids);

    /// <summary>Gives a job its share until <see cref="Release"/>, if it may start now; one that has its share keeps it.</summary>
    public AdmissionAnswer TryReserve(string jobId, Demand wanted)
    {
        if (_held.ContainsKey(jobId)) return AdmissionAnswer.Start;
        (AdmissionAnswer answer, IReadOnlyList<string> gpus) = machine.TryTake(this, wanted);
        if (answer is AdmissionAnswer.Start or AdmissionAnswer.StartAlone) Note(jobId, wanted, gpus);
        return answer;
    }

    /// <summary>Gives a job the share and the GPUs that it has already.</summary>
    public void Restore(string jobId, Demand wanted, IReadOnlyList<string> gpus)
    {
        machine.Take(wanted, gpus);
        Note(jobId, wanted, gpus);
    }

    /// <summary>The GPUs that are a job's alone.</summary>
    public IReadOnlyList<string> GpusOf(string jobId) => _heldGpus.GetValueOrDefault(jobId) ?? [];

    /// <summary>Takes back a part of a job's share; without effect where it has none.</summary>
    public void ReleasePart(string jobId, Demand part, IReadOnlyList<string> gpus)
    {
        if (!_held.TryGetValue(jobId, out Demand held)) return;
        _held[jobId] = held - part;
        _heldGpus.GetValueOrDefault(jobId)?.RemoveAll(gpus.Contains);
        machine.Return(this, part, gpus);
    }

    /// <summary>Takes a job's share back.</summary>
    public void Release(string jobId)
    {
        if (!_held.Remove(jobId, out Demand held)) return;
        _heldGpus.Remove(jobId, out List<string>? gpus);
        machine.Return(this, held, gpus ?? []);
    }

    /// <summary>Hears from the machine that more of it is free.</summary>
    public void Wake() => wake();

    private void Note(string jobId, Demand held, IReadOnlyList<string> gpus)
    {
        _held[jobId] = held;
        if (gpus.Count > 0) _heldGpus[jobId] = [.. gpus];
    }
}

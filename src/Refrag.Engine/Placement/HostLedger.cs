using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>The one machine there is: what it has, who has what of it. Owned by the writer loop.</summary>
internal sealed class HostLedger(VCpus vCpus, MebiBytes memory)
{
    private readonly Dictionary<string, Demand> _held = [];
    private readonly Dictionary<string, List<string>> _heldGpus = [];
    private List<string> _freeGpus = [];
    private Demand _used;

    /// <summary>What the machine has.</summary>
    public Demand Capacity { get; private set; } = new(vCpus, memory, new Gpus(0));

    /// <summary>Says which GPUs there are; before, there are none.</summary>
    public void SetGpus(IReadOnlyList<string> ids)
    {
        // Those that jobs have held since before the engine started are not free.
        _freeGpus = [.. ids.Except(_heldGpus.Values.SelectMany(held => held))];
        Capacity = Capacity with { Gpus = new Gpus(ids.Count) };
    }

    /// <summary>Whether a job may start now.</summary>
    public AdmissionAnswer Check(Demand wanted) => Admission.Decide(Capacity, _used, _used == default, wanted);

    /// <summary>Gives a job its share until <see cref="Release"/>.</summary>
    public void Reserve(string jobId, Demand wanted)
    {
        Restore(jobId, wanted, _freeGpus[..wanted.Gpus.Value]);
    }

    /// <summary>Gives a job its share with GPUs that are its already.</summary>
    public void Restore(string jobId, Demand wanted, IReadOnlyList<string> gpus)
    {
        _held[jobId] = wanted;
        _used += wanted;
        if (gpus.Count == 0) return;
        _heldGpus[jobId] = [.. gpus];
        _freeGpus.RemoveAll(gpus.Contains);
    }

    /// <summary>The GPUs that are a job's alone.</summary>
    public IReadOnlyList<string> GpusOf(string jobId) => _heldGpus.GetValueOrDefault(jobId) ?? [];

    /// <summary>Takes back a part of a job's share; without effect where it has none.</summary>
    public void ReleasePart(string jobId, Demand part, IReadOnlyList<string> gpus)
    {
        if (!_held.TryGetValue(jobId, out Demand held)) return;
        _held[jobId] = held - part;
        _used -= part;
        _freeGpus.AddRange(gpus);
        _heldGpus.GetValueOrDefault(jobId)?.RemoveAll(gpus.Contains);
    }

    /// <summary>Takes a job's share back.</summary>
    public void Release(string jobId)
    {
        if (_held.Remove(jobId, out Demand held)) _used -= held;
        if (_heldGpus.Remove(jobId, out List<string>? gpus)) _freeGpus.AddRange(gpus);
    }
}

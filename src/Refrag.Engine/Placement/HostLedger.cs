namespace Refrag.Engine.Placement;

/// <summary>The one machine there is: what it has, who has what of it. Owned by the writer loop.</summary>
internal sealed class HostLedger(VCpus vCpus, MebiBytes memory)
{
    private readonly Dictionary<string, Demand> _held = [];
    private readonly Dictionary<string, List<string>> _heldGpus = [];
    private List<string> _freeGpus = [];

    /// <summary>What the machine has.</summary>
    public Demand Capacity { get; private set; } = new(vCpus, memory, new Gpus(0));

    private Demand Used => _held.Values.Aggregate(default(Demand), (sum, one) => sum + one);

    /// <summary>Says which GPUs there are; before, there are none.</summary>
    public void SetGpus(IReadOnlyList<string> ids)
    {
        _freeGpus = [.. ids];
        Capacity = Capacity with { Gpus = new Gpus(ids.Count) };
    }

    /// <summary>Whether a job may start now.</summary>
    public AdmissionAnswer Look(Demand wanted) => Admission.Decide(Capacity, Used, _held.Count == 0, wanted);

    /// <summary>Gives a job its share until <see cref="Release"/>.</summary>
    public void Take(string jobId, Demand wanted)
    {
        _held[jobId] = wanted;
        _heldGpus[jobId] = _freeGpus[..wanted.Gpus.Value];
        _freeGpus.RemoveRange(0, wanted.Gpus.Value);
    }

    /// <summary>The GPUs that are a job's alone.</summary>
    public IReadOnlyList<string> GpusOf(string jobId) => _heldGpus.GetValueOrDefault(jobId) ?? [];

    /// <summary>Takes a job's share back.</summary>
    public void Release(string jobId)
    {
        _held.Remove(jobId);
        if (_heldGpus.Remove(jobId, out List<string>? gpus)) _freeGpus.AddRange(gpus);
    }
}

namespace Refrag.Scheduling.Simulation;

/// <summary>Counts and digests what happens (FNV-1a, 64 bits) and hands it on.</summary>
internal sealed class EventLog(Action<SimulationEvent>? sink)
{
    private const ulong Prime = 1099511628211;

    public long Count { get; private set; }

    public ulong Digest { get; private set; } = 14695981039346656037;

    public void Add(SimulationEvent one)
    {
        Count++;
        ulong digest = Digest;
        digest = (digest ^ (ulong)one.At) * Prime;
        digest = (digest ^ (ulong)one.Kind) * Prime;
        digest = (digest ^ (ulong)one.Instance.Value) * Prime;
        if (one.JobId is { } id)
        {
            foreach (char letter in id) digest = (digest ^ letter) * Prime;
        }
        if (one.Text is { } text)
        {
            foreach (char letter in text) digest = (digest ^ letter) * Prime;
        }
        Digest = digest;
        sink?.Invoke(one);
    }
}

namespace Refrag.Runners.Processes;

/// <summary>
/// The machine's count of out-of-memory kills, read at most once a second while attempts start: to read it takes as long as to start a
/// small program.
/// </summary>
internal sealed class OomWatch(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private OomCounter _last;
    private long? _at;

    /// <summary>The count, at most a second old.</summary>
    public OomCounter Recent()
    {
        lock (_lock)
        {
            if (_at is { } at && time.GetElapsedTime(at) < Fresh) return _last;
            (_last, _at) = (OomCounter.Read(), time.GetTimestamp());
            return _last;
        }
    }
}

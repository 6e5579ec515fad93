namespace Refrag.Testing;

/// <summary>A clock on which every wait ends at once and moves the clock by as much.</summary>
internal sealed class PassingTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private TimeSpan _passed;

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock) return [.. _waits];
        }
    }

    /// <summary>What happens during each wait.</summary>
    public Action OnWait { get; init; } = static () => { };

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddHours(3) + _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _waits.Add(dueTime);
            _passed += dueTime;
        }
        OnWait();
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

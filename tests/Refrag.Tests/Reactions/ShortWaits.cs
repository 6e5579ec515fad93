namespace Refrag.Tests.Reactions;

/// <summary>A clock on which waits for a lost answer pass at once, and limits never end.</summary>
internal sealed class ShortWaits : TimeProvider
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddHours(3).AddTicks(Volatile.Read(ref _ticks));

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= s_longest) return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        Advance(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

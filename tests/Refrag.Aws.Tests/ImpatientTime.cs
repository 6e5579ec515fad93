namespace Refrag.Aws.Tests;

/// <summary>A clock on which every wait of less than the attempt's limit ends at once, and moves the clock by as much.</summary>
internal sealed class ImpatientTime(List<TimeSpan> waits) : TimeProvider
{
    // Longer timers are limits on the network, not waits between attempts; those stay real.
    private static readonly TimeSpan s_limit = new RetryLimits().CredentialTime;
    private long _moved;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _moved));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _moved);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= s_limit || dueTime < TimeSpan.Zero) return System.CreateTimer(callback, state, dueTime, period);
        lock (waits) waits.Add(dueTime);
        Interlocked.Add(ref _moved, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

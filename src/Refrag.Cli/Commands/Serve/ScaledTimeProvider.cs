namespace Refrag.Cli.Commands.Serve;

/// <summary>Time that passes faster than real time, from now on.</summary>
/// <param name="real">Real time.</param>
/// <param name="factor">How much faster; at least 1.</param>
internal sealed class ScaledTimeProvider(TimeProvider real, double factor) : TimeProvider
{
    private readonly DateTimeOffset _start = real.GetUtcNow();
    private readonly long _startStamp = real.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.Plus(Elapsed);

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
#pragma warning disable RS0030 // What creates timers reaches this clock, which passes them to the real one.
        new ScaledTimer(real.CreateTimer(callback, state, Real(dueTime), Real(period)), this);
#pragma warning restore RS0030

    // At the greatest speed this clock reaches the year 9999 within a month. It stops there; it must not fail.
    private TimeSpan Elapsed => new((long)(real.GetElapsedTime(_startStamp).Ticks * factor));

    private TimeSpan Real(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class ScaledTimer(ITimer timer, ScaledTimeProvider time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Real(dueTime), time.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

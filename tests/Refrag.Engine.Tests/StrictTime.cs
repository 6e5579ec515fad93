using Microsoft.Extensions.Time.Testing;

namespace Refrag.Engine.Tests;

/// <summary>A fake clock whose timers reject the same times as real ones.</summary>
internal sealed class StrictTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    // What System.Threading.Timer takes: a little less than 50 days.
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime);
        return new StrictTimer(base.CreateTimer(callback, state, dueTime, period));
    }

    private static void Check(TimeSpan dueTime)
    {
        if (dueTime == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, s_longest);
    }

    private sealed class StrictTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

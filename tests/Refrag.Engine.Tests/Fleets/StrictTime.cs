using Microsoft.Extensions.Time.Testing;

namespace Refrag.Engine.Tests.Fleets;

/// <summary>A fake clock whose timers are no more patient than real ones.</summary>
internal sealed class StrictTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    // What System.Threading.Timer takes: a little less than 50 days.
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, s_longest);
        return base.CreateTimer(callback, state, dueTime, period);
    }
}

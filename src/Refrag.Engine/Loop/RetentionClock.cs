namespace Refrag.Engine.Loop;

/// <summary>
/// Says before which time ended jobs and their logs are forgotten. A clock that is far ahead at a start must not delete them at once: time
/// counts from the newest stored record, plus how long this engine has run. If nothing is stored it counts from the clock.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="newest">The time of the newest stored record, in milliseconds since 1970; null if there is none.</param>
/// <param name="retention">How long they are kept.</param>
internal sealed class RetentionClock(TimeProvider time, long? newest, TimeSpan retention)
{
    private readonly long _origin = time.GetTimestamp();
    private readonly DateTimeOffset _start = newest is { } known ? SaturatingTime.FromUnixTime(known) : time.GetUtcNow();

    /// <summary>The time as it is counted here; never later than the clock says.</summary>
    public DateTimeOffset Now
    {
        get
        {
            DateTimeOffset counted = _start.Plus(time.GetElapsedTime(_origin));
            DateTimeOffset now = time.GetUtcNow();
            return counted < now ? counted : now;
        }
    }

    /// <summary>What ended before this time is forgotten.</summary>
    public DateTimeOffset Bound => Now.Minus(retention);
}

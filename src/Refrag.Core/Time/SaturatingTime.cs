namespace Refrag;

/// <summary>
/// Arithmetic with times from requests, records and clocks. What the type cannot hold becomes the nearest value that it can; nothing
/// throws.
/// </summary>
public static class SaturatingTime
{
    /// <summary>A sum.</summary>
    public static TimeSpan Plus(this TimeSpan one, TimeSpan other)
    {
        long sum = unchecked(one.Ticks + other.Ticks);
        bool overflows = ((one.Ticks ^ sum) & (other.Ticks ^ sum)) < 0;
        return !overflows ? new TimeSpan(sum) : one > TimeSpan.Zero ? TimeSpan.MaxValue : TimeSpan.MinValue;
    }

    /// <summary>A difference.</summary>
    public static TimeSpan Minus(this TimeSpan one, TimeSpan other) =>
        other == TimeSpan.MinValue ? one.Plus(TimeSpan.MaxValue) : one.Plus(-other);

    /// <summary>A time later by a span.</summary>
    public static DateTimeOffset Plus(this DateTimeOffset time, TimeSpan span)
    {
        long ticks = new TimeSpan(time.UtcTicks).Plus(span).Ticks;
        return new DateTimeOffset(Math.Clamp(ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }

    /// <summary>A time earlier by a span.</summary>
    public static DateTimeOffset Minus(this DateTimeOffset time, TimeSpan span) => time.Plus(TimeSpan.Zero.Minus(span));

    /// <summary>A span of milliseconds.</summary>
    public static TimeSpan FromMilliseconds(long milliseconds) => milliseconds switch
    {
        > long.MaxValue / TimeSpan.TicksPerMillisecond => TimeSpan.MaxValue,
        < long.MinValue / TimeSpan.TicksPerMillisecond => TimeSpan.MinValue,
        _ => new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond),
    };

    /// <summary>
    /// The span from one time in milliseconds since 1970 to a later one; zero if it is not later, as after a clock was set back.
    /// </summary>
    public static TimeSpan Between(long earlier, long later) =>
        later <= earlier ? TimeSpan.Zero : FromMilliseconds(unchecked(later - earlier) is >= 0 and var span ? span : long.MaxValue);

    /// <summary>A time in milliseconds since 1970.</summary>
    public static DateTimeOffset FromUnixTime(long milliseconds) => DateTimeOffset.UnixEpoch.Plus(FromMilliseconds(milliseconds));
}

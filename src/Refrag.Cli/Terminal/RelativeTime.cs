using System.Globalization;

namespace Refrag.Cli.Terminal;

/// <summary>Times for people.</summary>
internal static class RelativeTime
{
    /// <summary>A length in its two largest units: <c>45s</c>, <c>12m</c>, <c>3h 10m</c>, <c>2d 4h</c>.</summary>
    public static string Length(TimeSpan time)
    {
        if (time < TimeSpan.Zero) time = TimeSpan.Zero;
        if (time.TotalMinutes < 1) return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s");
        if (time.TotalHours < 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m {time.Seconds}s");
        if (time.TotalDays < 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Hours}h {time.Minutes}m");
        return string.Create(CultureInfo.InvariantCulture, $"{time.Days}d {time.Hours}h");
    }

    /// <summary>How long ago a time of Batch's is; empty if there is none.</summary>
    public static string Ago(long? milliseconds, DateTimeOffset now) =>
        milliseconds is { } at and > 0 ? Length(now - DateTimeOffset.FromUnixTimeMilliseconds(at)) : "";

    /// <summary>
    /// A time on this machine's clock with its zone, and how long ago it is: <c>2026-08-10 14:03:22 +02:00 (5m 3s ago)</c>.
    /// </summary>
    public static string Whole(DateTimeOffset at, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        string relative = at > now ? $"in {Length(at - now)}" : $"{Length(now - at)} ago";
        return $"{TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)} "
            + $"({relative})";
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Refrag.Jobs;

/// <summary>Durations as people write them: <c>3600</c> (seconds), <c>90m</c>, <c>8h</c>, <c>1d12h</c>.</summary>
public static partial class Duration
{
    /// <summary>Reads a duration; null if it is none, or longer than ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match) return null;
        if (match.Groups["bare"] is { Success: true } bare) return TimeSpan.FromSeconds(Number(bare));
        return text.Length == 0
            ? null
            : TimeSpan.FromDays(Number(match.Groups["d"])) + TimeSpan.FromHours(Number(match.Groups["h"]))
              + TimeSpan.FromMinutes(Number(match.Groups["m"])) + TimeSpan.FromSeconds(Number(match.Groups["s"]));
    }

    /// <summary>A duration in the shortest of these forms: <c>8h</c>, <c>1h30m</c>, <c>45s</c>.</summary>
    public static string Format(TimeSpan time)
    {
        string text = "";
        if (time.Days > 0) text += $"{time.Days}d";
        if (time.Hours > 0) text += $"{time.Hours}h";
        if (time.Minutes > 0) text += $"{time.Minutes}m";
        if (time.Seconds > 0 || text.Length == 0) text += $"{time.Seconds}s";
        return text;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    // Eight digits of seconds are three years: enough, and no overflow.
    [GeneratedRegex(
        @"^((?<bare>\d{1,8})|(?=.)((?<d>\d{1,4})d)?((?<h>\d{1,5})h)?((?<m>\d{1,7})m)?((?<s>\d{1,8})s)?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

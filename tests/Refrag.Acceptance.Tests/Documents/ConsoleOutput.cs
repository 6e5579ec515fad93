using System.Text.RegularExpressions;

namespace Refrag.Acceptance.Tests.Documents;

/// <summary>
/// Compares what a page shows with what was printed. In what is shown, <c>…</c> stands for any text of a line, whose columns then may have
/// any width, and alone on a line for any lines. Ids, times, durations, ports, fractions and the machine's name differ between runs and are
/// not compared.
/// </summary>
internal static partial class ConsoleOutput
{
    private static readonly (Regex Pattern, string Name)[] s_masks =
        [(Id(), "ID"), (Time(), "TIME"), (Duration(), "DURATION"), (Port(), "127.0.0.1:PORT"), (Fraction(), "FRACTION")];

    /// <summary>Whether what was printed is what is shown.</summary>
    public static bool IsAsShown(IReadOnlyList<string> shown, string printed)
    {
        IEnumerable<string> lines = shown.Select(line => line.Trim() == "…" ? "(?:[^\n]*\n)*" : $"{Pattern(Mask(line.TrimEnd()))}[ ]*\n");
        string text = printed.Length == 0 || printed[^1] == '\n' ? printed : $"{printed}\n";
        return Regex.IsMatch(Mask(text), $@"\A{string.Concat(lines)}\n*\z", RegexOptions.NonBacktracking, TimeSpan.FromSeconds(10));
    }

    private static string Pattern(string line)
    {
        string pattern = Regex.Escape(line);
        return line.Contains('…', StringComparison.Ordinal)
            ? Spaces().Replace(pattern, "[ ]+").Replace("…", "[^\n]*", StringComparison.Ordinal)
            : pattern;
    }

    private static string Mask(string text) => s_masks
        .Aggregate(text, (masked, mask) => mask.Pattern.Replace(masked, mask.Name))
        .Replace($" on {Environment.MachineName}:", " on HOST:", StringComparison.Ordinal);

    [GeneratedRegex(@"(\\ )+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?\b|\b\d\d:\d\d(:\d\d)?\b", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();

    // In one unit or two: `45s`, `12m 3s`.
    [GeneratedRegex(@"\b(\d+[dhm] \d+[hms]|\d+(\.\d+)? ?(ms|s|min|h))\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\b127\.0\.0\.1:\d+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Port();

    // Another processor's mathematics may round otherwise.
    [GeneratedRegex(@"\b\d+\.\d{3,}\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fraction();
}

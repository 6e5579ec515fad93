namespace Refrag.Diagnosis;

/// <summary>The part of a log's end that shows how the program ended.</summary>
internal static class LogEnd
{
    private const string Traceback = "Traceback (most recent call last)";

    // A program says more than its last words when it ends: what it was doing, usage, the message of the shell around it.
    private const int LastWords = 20;

    /// <summary>
    /// The lines from the last traceback on, with those that it was raised from; without a traceback the last ones. A warning before them
    /// did not end the program.
    /// </summary>
    public static IReadOnlyList<string> Relevant(IReadOnlyList<string> lines)
    {
        int from = -1;
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            if (!lines[i].Contains(Traceback, StringComparison.Ordinal)) continue;
            from = i;
            if (!lines.Take(i).TakeLast(3).Any(IsChained)) break;
        }
        return [.. lines.Skip(from < 0 || IsCut(lines, from) ? LastFrom(lines) : from)];
    }

    // Frames alone: the error itself, which stands at the margin below them, is not there.
    private static bool IsCut(IReadOnlyList<string> lines, int from) =>
        lines.Skip(from + 1).All(line => line.Length == 0 || char.IsWhiteSpace(line[0]));

    // Lines of a stack trace are indented, and however many they are, they belong to the line above them.
    private static int LastFrom(IReadOnlyList<string> lines)
    {
        int at = lines.Count;
        for (int seen = 0; at > 0 && seen < LastWords; at--)
        {
            if (lines[at - 1] is [var first, ..] && !char.IsWhiteSpace(first)) seen++;
        }
        return at;
    }

    private static bool IsChained(string line) =>
        line.Contains("During handling of the above exception", StringComparison.Ordinal)
        || line.Contains("The above exception was the direct cause", StringComparison.Ordinal);
}

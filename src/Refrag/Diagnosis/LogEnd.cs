namespace Refrag.Diagnosis;

/// <summary>The part of a log's end that shows how the program ended.</summary>
internal static class LogEnd
{
    private const string Traceback = "Traceback (most recent call last)";

    /// <summary>
    /// The lines from the last traceback on, with those that it was raised from; all lines if there is no traceback. A warning before it
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
        return from < 0 ? lines : [.. lines.Skip(from)];
    }

    private static bool IsChained(string line) =>
        line.Contains("During handling of the above exception", StringComparison.Ordinal)
        || line.Contains("The above exception was the direct cause", StringComparison.Ordinal);
}

namespace Refrag.Scheduling.Clusters;

/// <summary>
/// How long jobs of a kind lasted, the last ones of each: enough for a guess at their end, and no more memory for more jobs.
/// </summary>
internal sealed class Durations
{
    private const int Kept = 32;
    private const int MostKinds = 4096;
    private readonly Dictionary<string, (long[] Milliseconds, int Count)> _kinds = new(StringComparer.Ordinal);

    public void Add(Job job, long milliseconds)
    {
        string kind = KindOf(job.Request);
        if (!_kinds.TryGetValue(kind, out (long[] Milliseconds, int Count) past))
        {
            if (_kinds.Count >= MostKinds) return;
            past = (new long[Kept], 0);
        }
        past.Milliseconds[past.Count % Kept] = milliseconds;
        _kinds[kind] = (past.Milliseconds, past.Count + 1);
    }

    /// <summary>The shortest and the longest of the last ones, and how many they were; null if none has ended yet.</summary>
    public (long Shortest, long Longest, int Count)? Of(JobRequest request)
    {
        if (!_kinds.TryGetValue(KindOf(request), out (long[] Milliseconds, int Count) past)) return null;
        int count = Math.Min(past.Count, Kept);
        ReadOnlySpan<long> last = past.Milliseconds.AsSpan(0, count);
        long shortest = long.MaxValue;
        long longest = 0;
        foreach (long one in last) (shortest, longest) = (Math.Min(shortest, one), Math.Max(longest, one));
        return (shortest, longest, count);
    }

    private static string KindOf(JobRequest request) => request.Kind ?? request.Queue;
}

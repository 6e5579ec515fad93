using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.CommandTables;

/// <summary>
/// Jobs of a sweep by their indices, ascending, kept as runs of equal steps, so that a few letters can name thousands: <c>0-9999</c>,
/// <c>3,17,20-40/2</c> (every second from 20 to 40).
/// </summary>
public sealed class JobSet
{
    // A run costs a dash and a second number: fewer jobs than this are shorter one by one.
    private const int LeastRun = 3;

    // What no sweep has: a text from elsewhere must not make us count forever.
    private const int MostJobs = 100_000_000;

    private readonly IReadOnlyList<Run> _runs;

    private JobSet(IReadOnlyList<Run> runs)
    {
        _runs = runs;
        Count = runs.Sum(run => run.Count);
    }

    /// <summary>How many jobs there are.</summary>
    public int Count { get; }

    /// <summary>The first job's index.</summary>
    public int First => _runs[0].First;

    internal IReadOnlyList<Run> Runs => _runs;

    /// <summary>The set of these indices, which ascend. Throws <see cref="ArgumentException"/> if there are none.</summary>
    public static JobSet Of(IReadOnlyList<int> indices)
    {
        if (indices.Count == 0) throw new ArgumentException("A set of jobs has at least one.", nameof(indices));
        List<Run> runs = [];
        for (int at = 0; at < indices.Count;)
        {
            int length = RunAt(indices, at);
            if (length < LeastRun) length = 1;
            runs.Add(new Run(indices[at], length, length > 1 ? indices[at + 1] - indices[at] : 1));
            at += length;
        }
        return new JobSet(runs);
    }

    /// <summary>Reads the text that <see cref="ToString"/> writes; null if it is none.</summary>
    public static JobSet? Parse(string text)
    {
        List<Run> runs = [];
        long count = 0;
        foreach (string part in text.Split(','))
        {
            if (ParseRun(part) is not { } run) return null;
            runs.Add(run);
            count += run.Count;
        }
        return count <= MostJobs ? new JobSet(runs) : null;
    }

    /// <summary>
    /// The index of the job that child <paramref name="child"/> of an array is. Throws <see cref="ArgumentOutOfRangeException"/> outside of
    /// the set.
    /// </summary>
    public int At(int child)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(child);
        int rest = child;
        foreach (Run run in _runs)
        {
            if (rest < run.Count) return run.First + (rest * run.Step);
            rest -= run.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(child));
    }

    /// <summary>The indices, ascending.</summary>
    public IEnumerable<int> Indices() => _runs.SelectMany(run => Enumerable.Range(0, run.Count).Select(i => run.First + (i * run.Step)));

    /// <summary>The runs, with commas between them.</summary>
    public override string ToString() => string.Join(',', _runs);

    private static int RunAt(IReadOnlyList<int> indices, int at)
    {
        if (at + 1 >= indices.Count) return 1;
        int step = indices[at + 1] - indices[at];
        int end = at + 1;
        while (end + 1 < indices.Count && indices[end + 1] - indices[end] == step) end++;
        return end - at + 1;
    }

    private static Run? ParseRun(string text)
    {
        string[] halves = text.Split('/');
        string[] ends = halves[0].Split('-');
        if (halves.Length > 2 || ends.Length > 2 || (halves.Length == 2 && ends.Length == 1) || Number(ends[0]) is not { } first)
            return null;
        if (ends.Length == 1) return new Run(first, 1, 1);
        int? step = halves.Length == 2 ? Number(halves[1]) : 1;
        return Number(ends[1]) is { } last && last >= first && step > 0 && (last - first) % step == 0
            ? new Run(first, ((last - first) / step.Value) + 1, step.Value)
            : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MostJobs ? number : null;

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Run(int First, int Count, int Step)
    {
        public override string ToString() => Count == 1
            ? First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{First}-{First + ((Count - 1) * Step)}{(Step == 1 ? "" : $"/{Step}")}");
    }
}

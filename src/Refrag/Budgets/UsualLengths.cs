using Refrag.History;

namespace Refrag.Budgets;

/// <summary>How long jobs are expected to run: as those of the same app, or else of the same name, that have succeeded.</summary>
public sealed class UsualLengths
{
    /// <summary>What is assumed of a job without a history and without a time limit, as by <c>--max-cost</c>.</summary>
    public static readonly TimeSpan Assumed = TimeSpan.FromHours(1);

    private const string AppTag = "app";

    private readonly Dictionary<string, List<TimeSpan>> _lengths = new(StringComparer.Ordinal);

    /// <summary>Learns from a job, if it has succeeded.</summary>
    public void Add(RecordedJob job)
    {
        if (job.OfJob.LastOrDefault(attempt => attempt is { HasFailed: false, StoppedAt: not null }) is not { } last) return;
        string kind = KindOf(job.Name, job.Tags);
        if (!_lengths.TryGetValue(kind, out List<TimeSpan>? known)) _lengths[kind] = known = [];
        known.Add(last.Ran(last.StoppedAt!.Value));
    }

    /// <summary>
    /// How long a job will run yet: the median of those that ran longer than it has, else until its time limit, else as long again as it
    /// has, and at least <see cref="Assumed"/>.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="age">How long its attempt has run.</param>
    /// <param name="limit">How long an attempt may run; null if nothing ends it.</param>
    public TimeSpan Left(string name, IReadOnlyDictionary<string, string> tags, TimeSpan age, TimeSpan? limit)
    {
        TimeSpan[] longer = _lengths.TryGetValue(KindOf(name, tags), out List<TimeSpan>? known)
            ? [.. known.Where(length => length > age).Order()]
            : [];
        TimeSpan left = longer.Length > 0 ? longer[longer.Length / 2] - age
            : limit is { } most ? most - age
            : age > Assumed ? age : Assumed;
        if (limit is { } end && left > end - age) left = end - age;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static string KindOf(string name, IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(AppTag, out string? app) ? $"{AppTag}={app}" : name;
}

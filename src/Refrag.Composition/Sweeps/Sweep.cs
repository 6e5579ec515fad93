namespace Refrag.Composition.Sweeps;

/// <summary>
/// The jobs of a command line: every combination of its sweeps, the last one changing fastest, as in the reference. Overrides of
/// <c>zip(...)</c> change together. Jobs are made when they are asked for; a sweep of many holds no list of them.
/// </summary>
public sealed class Sweep
{
    private readonly IReadOnlyList<SweepColumn> _columns;
    private readonly IReadOnlyList<long> _counts;
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _words;

    internal Sweep(
        IReadOnlyList<SweepColumn> columns, IReadOnlyList<long> counts, long count,
        Func<IReadOnlyList<string>, IReadOnlyList<string>>? words = null) =>
        (_columns, _counts, Count, _words) = (columns, counts, count, words ?? (static overrides => overrides));

    /// <summary>Overrides that have no effect, because a later one has the same key. Empty if there are none.</summary>
    public IReadOnlyList<Problem> Warnings { get; internal init; } = [];

    /// <summary>How many jobs there are; 0 where some sweep is empty.</summary>
    public long Count { get; }

    /// <summary>
    /// The lengths of the sweep's axes in the order of the command line, whose product is <see cref="Count"/>: an override of one value has
    /// length 1, and overrides of <c>zip(...)</c> share an axis. The last one's place changes fastest.
    /// </summary>
    public IReadOnlyList<long> Shape => _counts;

    /// <summary>Splits overrides into jobs.</summary>
    /// <returns>The sweep, or all its problems: an interval, a range without end, zips of different lengths, a glob without a group, too
    /// many jobs.</returns>
    public static Result<Sweep> Of(IReadOnlyList<Overrides.Override> overrides, SweepOptions? options = null) =>
        new SweepBuilder(options ?? SweepOptions.Default).Build(overrides);

    /// <summary>The same sweep with other words for each job, for a program whose jobs are more than overrides.</summary>
    /// <param name="words">Makes a job's words of its overrides, each with one value.</param>
    public Sweep With(Func<IReadOnlyList<string>, IReadOnlyList<string>> words) =>
        new(_columns, _counts, Count, overrides => words(_words(overrides))) { Warnings = Warnings };

    /// <summary>
    /// The job at <paramref name="index"/>, from 0. Throws <see cref="ArgumentOutOfRangeException"/> outside of the sweep.
    /// </summary>
    public SweepJob Job(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var places = new long[_counts.Count];
        long rest = index;
        for (int i = places.Length - 1; i >= 0; i--) (rest, places[i]) = Math.DivRem(rest, _counts[i]);
        return new SweepJob(index, _words([.. _columns.Select(column => column.Axis.Argument(places[column.Group]))]));
    }

    /// <summary>All jobs in order.</summary>
    public IEnumerable<SweepJob> Jobs()
    {
        for (long i = 0; i < Count; i++) yield return Job(i);
    }

    /// <summary>
    /// The jobs in batches of at most <paramref name="size"/>; null is one batch of all, which is empty if there are no jobs.
    /// </summary>
    public IEnumerable<IReadOnlyList<SweepJob>> Batches(int? size) => size is { } most ? Jobs().Chunk(most) : [[.. Jobs()]];
}

/// <summary>One override of a sweep, and which counter turns it: zips share one.</summary>
internal sealed record SweepColumn(SweepAxis Axis, int Group);

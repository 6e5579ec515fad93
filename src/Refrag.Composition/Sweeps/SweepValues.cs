using System.Numerics;
using Refrag.Composition.Overrides;
using Refrag.Composition.Overrides.Grammar;

namespace Refrag.Composition.Sweeps;

/// <summary>The values of one sweep, as texts.</summary>
/// <param name="Count">How many.</param>
/// <param name="At">The text at an index from 0.</param>
internal sealed record SweepValues(BigInteger Count, Func<long, string> At)
{
    public static SweepValues? Of(Override one, SweepValue sweep, SweepOptions options, out Problem? problem)
    {
        problem = null;
        switch (sweep)
        {
            case ChoiceSweep choice:
                return Items(
                    one, choice.Shuffle ? Shuffling.Shuffle(choice.Items, options.ShuffleSeed) : choice.Items, options, out problem);
            case ZipSweep zip:
                return Items(one, zip.Items, options, out problem);
            case RangeSweep range:
                return Range(one, range, options, out problem);
            case GlobSweep glob:
                return Glob(one, glob, options, out problem);
            default:
                problem = SweepProblems.Interval(one);
                return null;
        }
    }

    /// <summary>
    /// A value as a job's argument has it: as the reference writes it, but where that could not be read again, because a string holds what
    /// only quotes can hold, as it is read again.
    /// </summary>
    public static string Text(OverrideValue value) =>
        value is TextValue { Text: "" } || CanStand(value) ? OverridePrinter.ReferenceText(value) : OverridePrinter.Print(value);

    private static bool CanStand(OverrideValue value) => value switch
    {
        TextValue text => PlainText.CanStand(text.Text),
        ListValue list => list.Items.All(CanStand),
        DictionaryValue dictionary => dictionary.Entries.All(entry => CanStand(entry.Value)),
        _ => true,
    };

    private static SweepValues? Items(Override one, IReadOnlyList<OverrideValue> items, SweepOptions options, out Problem? problem)
    {
        problem = null;
        // zip(range(0,3)) and zip(choice(a,b)) stand for the values inside.
        if (one.Value is ZipSweep && items is [SweepValue inner]) return Of(one, inner, options, out problem);
        return new SweepValues(items.Count, index => Text(items[(int)index]));
    }

    private static SweepValues? Range(Override one, RangeSweep range, SweepOptions options, out Problem? problem)
    {
        problem = null;
        RangeValues? values = Ranges.Values(range, out string? wrong);
        if (values is null)
        {
            problem = SweepProblems.Range(one, wrong!);
            return null;
        }
        if (!range.Shuffle || values.Count > options.MostJobs) return new SweepValues(values.Count, index => Text(values.At(index)));
        int[] order = Shuffling.Shuffle([.. Enumerable.Range(0, (int)values.Count)], options.ShuffleSeed);
        return new SweepValues(values.Count, index => Text(values.At(order[index])));
    }

    private static SweepValues? Glob(Override one, GlobSweep glob, SweepOptions options, out Problem? problem)
    {
        IReadOnlyList<string> known = options.Groups?.Invoke(one.Key) ?? [];
        List<string> matches = [.. known.Where(
            name => glob.Include.Any(pattern => GlobPattern.Matches(pattern, name))
                && !glob.Exclude.Any(pattern => GlobPattern.Matches(pattern, name)))];
        problem = matches.Count == 0 ? SweepProblems.Glob(one, known) : null;
        return problem is null ? new SweepValues(matches.Count, index => matches[(int)index]) : null;
    }
}

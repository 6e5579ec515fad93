using Refrag.Composition.Overrides.Functions;

namespace Refrag.Composition.Overrides;

/// <summary>Writes sweeps.</summary>
internal static class SweepPrinter
{
    /// <summary>Writes a sweep that is a whole value: there a simple one needs no function around it.</summary>
    public static string PrintWhole(SweepValue sweep) =>
        sweep is ChoiceSweep { IsSimple: true, Shuffle: false, Tags.Count: 0, Items.Count: > 1 } simple
        ? OverridePrinter.Join(simple.Items, OverridePrinter.Print)
        : Print(sweep);

    /// <summary>Writes a sweep that is part of a value.</summary>
    public static string Print(SweepValue sweep)
    {
        string printed = sweep switch
        {
            ChoiceSweep choice => Choice(choice),
            RangeSweep range =>
                Shuffled(range.Shuffle,
                    $"range({OverridePrinter.Print(range.Start)},{OverridePrinter.Print(range.Stop)},{OverridePrinter.Print(range.Step)})"),
            IntervalSweep interval => Interval(interval),
            GlobSweep glob => $"glob({Patterns(glob.Include)}{(glob.Exclude.Count > 0 ? $",{Patterns(glob.Exclude)}" : "")})",
            ZipSweep zip => $"zip({OverridePrinter.Join(zip.Items, OverridePrinter.Argument)})",
            _ => throw new ArgumentOutOfRangeException(nameof(sweep), sweep.GetType(), message: null),
        };
        return sweep.Tags.Count == 0 ? printed : $"tag({OverridePrinter.Join(sweep.Tags, Tag)},{printed})";
    }

    private static string Tag(string tag) => OverridePrinter.Argument(new TextValue(tag));

    private static string Shuffled(bool shuffled, string printed) => shuffled ? $"shuffle({printed})" : printed;

    private static string Choice(ChoiceSweep choice)
    {
        // Nothing else than shuffle() makes an empty one.
        if (choice.Items.Count == 0) return choice.IsSimple ? "shuffle()" : "choice(shuffle())";
        if (!choice.IsSimple) return Shuffled(choice.Shuffle, $"choice({OverridePrinter.Join(choice.Items, OverridePrinter.Argument)})");
        if (choice.Shuffle)
            return $"shuffle({(choice.Items.Count > 1 ? OverridePrinter.Join(choice.Items, OverridePrinter.Argument) : Cast(choice))})";
        return Cast(choice);
    }

    // A simple choice inside a value comes from a function that made one of several arguments: a cast where all are of one type, else sort.
    private static string Cast(ChoiceSweep choice)
    {
        string arguments = OverridePrinter.Join(choice.Items, OverridePrinter.Argument);
        string[] casts = [.. choice.Items.SelectMany(Leaves).Select(CastOf).Distinct(StringComparer.Ordinal)];
        if (casts.Length < 2) return $"{casts.FirstOrDefault("int")}({arguments})";
        return $"sort({arguments}{(IsAscending(choice.Items) ? "" : ",reverse=true")})";
    }

    private static bool IsAscending(IReadOnlyList<OverrideValue> items)
    {
        OverrideValue[] sorted = [.. items];
        return new ValueSorter(OverrideDialect.Extended).Sort(sorted) && sorted.SequenceEqual(items);
    }

    private static string CastOf(OverrideValue leaf) => leaf switch
    {
        BooleanValue => "bool",
        FloatValue => "float",
        IntegerValue => "int",
        _ => "str",
    };

    private static IEnumerable<OverrideValue> Leaves(OverrideValue value) => value switch
    {
        ListValue list => list.Items.SelectMany(Leaves),
        DictionaryValue dictionary => dictionary.Entries.SelectMany(entry => Leaves(entry.Value)),
        ChoiceSweep choice => choice.Items.SelectMany(Leaves),
        ZipSweep zip => zip.Items.SelectMany(Leaves),
        RangeSweep range => Leaves(range.Start),
        IntervalSweep interval => Leaves(interval.Start),
        _ => [value],
    };

    private static string Interval(IntervalSweep interval) => interval.Start is IntegerValue
        ? $"int(interval({OverridePrinter.Print(interval.Start)},{OverridePrinter.Print(interval.End)}))"
        : $"interval({OverridePrinter.Print(interval.Start)},{OverridePrinter.Print(interval.End)})";

    private static string Patterns(IReadOnlyList<string> patterns) =>
        $"[{OverridePrinter.Join(patterns, pattern => Grammar.QuotedText.Quote(pattern, '\''))}]";
}

using System.Numerics;

namespace Refrag.Composition.Overrides.Functions;

/// <summary>The functions that make and change sweeps.</summary>
internal static class SweepFunctions
{
    public static Answer Choice(BoundArguments arguments)
    {
        if (arguments.Rest.Count == 0) return FunctionFaults.NoArguments(arguments.Call);
        if (arguments.Rest is not [ChoiceSweep only]) return new ChoiceSweep(arguments.Rest, IsSimple: false);
        return only.IsSimple
            ? only with { IsSimple = false }
            : FunctionFaults.Wrong("a choice cannot hold a choice", "Write all values into one: choice(a,b,c).");
    }

    public static Answer Range(BoundArguments arguments)
    {
        OverrideValue start = arguments["start"]!;
        OverrideValue step = arguments["step"] ?? new IntegerValue(BigInteger.One);
        return arguments.NotNull("stop") is { } stop
            ? new RangeSweep(start, stop, step)
            : new RangeSweep(new IntegerValue(BigInteger.Zero), start, step);
    }

    public static Answer Interval(BoundArguments arguments)
    {
        Answer start = Casts.ToFloat(arguments["start"]!);
        Answer end = Casts.ToFloat(arguments["end"]!);
        if ((start.Fault ?? end.Fault) is { } fault) return fault;
        return new IntervalSweep(start.Value!, end.Value!);
    }

    public static Answer Glob(BoundArguments arguments) =>
        new GlobSweep(Patterns(arguments["include"]!), Patterns(arguments.NotNull("exclude")));

    private static IReadOnlyList<string> Patterns(OverrideValue? value) => value switch
    {
        null => [],
        TextValue text => [text.Text],
        ListValue list => [.. list.Items.Select(item => item is QuotedValue quoted ? quoted.Text : OverridePrinter.ReferenceText(item))],
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), message: null),
    };

    public static Answer Tag(BoundArguments arguments)
    {
        if (arguments.Rest.Count == 0) return FunctionFaults.NoArguments(arguments.Call);
        List<OverrideValue> all = arguments.NotNull("sweep") is { } named ? [.. arguments.Rest, named] : arguments.Rest;
        if (all[^1] is not SweepValue sweep)
            return FunctionFaults.Wrong(
                "the last argument of tag is not a sweep", "Write tag(name,choice(a,b)), with a choice, range or interval at the end.");
        if (all.SkipLast(1).Any(value => value is not TextValue))
            return FunctionFaults.Wrong("tag has more than one sweep", "Give names first and one sweep at the end: tag(name,choice(a,b)).");
        string[] tags = [.. all.SkipLast(1)
            .Select(value => ((TextValue)value).Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sweep with { Tags = tags };
    }

    public static Answer Shuffle(BoundArguments arguments)
    {
        if ((arguments.NotNull("list") ?? arguments.NotNull("sweep")) is { } named) return ShuffleOne(named, arguments.Options);
        if (arguments.Rest.Count == 1) return ShuffleOne(arguments.Rest[0], arguments.Options);
        return Simple(arguments) is { } choice
            ? choice with { Shuffle = true }
            : FunctionFaults.Wrong("shuffle mixes sweeps and values", "Give values, or one sweep: shuffle(choice(a,b)).");
    }

    private static OverrideValue ShuffleOne(OverrideValue value, OverrideOptions options) => value switch
    {
        ChoiceSweep choice => choice with { Shuffle = true },
        RangeSweep range => range with { Shuffle = true },
        ListValue list => new ListValue(Shuffling.Shuffle(list.Items, options.ShuffleSeed)),
        _ => new ListValue([value]),
    };

    public static Answer Zip(BoundArguments arguments)
    {
        arguments.Extensions |= OverrideExtensions.Function;
        return arguments.Rest.Count == 0 ? FunctionFaults.NoArguments(arguments.Call) : new ZipSweep(arguments.Rest);
    }

    /// <summary>All arguments as a simple choice; null if one of them is a sweep.</summary>
    public static ChoiceSweep? Simple(BoundArguments arguments) =>
        arguments.Rest.Exists(value => value is SweepValue) ? null : new ChoiceSweep(arguments.Rest, IsSimple: true);
}

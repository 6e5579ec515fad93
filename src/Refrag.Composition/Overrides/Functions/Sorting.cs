namespace Refrag.Composition.Overrides.Functions;

/// <summary><c>sort</c>.</summary>
internal static class Sorting
{
    public static Answer Sort(BoundArguments arguments)
    {
        bool reverse = arguments["reverse"] is BooleanValue { Value: true };
        if ((arguments.NotNull("list") ?? arguments.NotNull("sweep")) is { } named) return SortOne(named, reverse, arguments);
        switch (arguments.Rest.Count)
        {
            case 0: return FunctionFaults.NoArguments(arguments.Call);
            case 1: return SortOne(arguments.Rest[0], reverse, arguments);
        }
        if (arguments.Rest.Exists(value => !ValueTypes.Of(value).IsIn(Types.Scalar)))
            return FunctionFaults.Wrong(
                "sort takes several numbers and strings, but only one list or sweep", "Write sort([a,b]) or sort(choice(a,b)).");
        return SortOne(new ChoiceSweep(arguments.Rest, IsSimple: true), reverse, arguments);
    }

    private static Answer SortOne(OverrideValue value, bool reverse, BoundArguments arguments)
    {
        switch (value)
        {
            case ListValue list:
                return Sorted(list.Items, reverse, arguments, out CallFault? fault) is { } items
                ? new ListValue(items)
                : fault!;
            case ChoiceSweep choice:
                return Sorted(choice.Items, reverse, arguments, out CallFault? fault2) is { } choices
                ? choice with { Items = choices }
                : fault2!;
            case RangeSweep range: return Ranges.Sort(range, reverse);
            default: return value;
        }
    }

    private static OverrideValue[]? Sorted(IReadOnlyList<OverrideValue> items, bool reverse, BoundArguments arguments, out CallFault? fault)
    {
        fault = null;
        var sorter = new ValueSorter(arguments.Options.Dialect);
        // Equal values keep their order, also in reverse: sort backwards what stands backwards.
        OverrideValue[] sorted = [.. reverse ? items.Reverse() : items];
        if (!sorter.Sort(sorted))
        {
            (OverrideValue a, OverrideValue b) = sorter.Incomparable;
            fault = FunctionFaults.Wrong(
                $"sort cannot compare {OverridePrinter.Print(a)} with {OverridePrinter.Print(b)}",
                "Sort numbers with numbers and strings with strings; str(…) makes all of them strings.");
            return null;
        }
        if (reverse) Array.Reverse(sorted);
        if (sorter.ComparedQuoted) arguments.Extensions |= OverrideExtensions.Function;
        return sorted;
    }
}

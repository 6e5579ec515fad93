using System.Numerics;

namespace Refrag.Composition.Overrides.Functions;

/// <summary>The casts: <c>int float str bool json_str</c>. They go into lists, dictionaries' values and sweeps.</summary>
internal static class Casts
{
    public static Answer Run(BoundArguments arguments, Func<OverrideValue, Answer> cast)
    {
        OverrideValue? named = arguments.NotNull("value");
        if (named is not null && arguments.Rest.Count > 0)
            return FunctionFaults.Wrong($"{arguments.Call.Name} gets values by place and by name", "Use one of both.");
        if (named is not null) return cast(named);
        return arguments.Rest.Count switch
        {
            0 => FunctionFaults.NoArguments(arguments.Call),
            1 => cast(arguments.Rest[0]),
            _ => SweepFunctions.Simple(arguments) is { } choice
                ? cast(choice)
                : FunctionFaults.Wrong($"{arguments.Call.Name} mixes sweeps and values", "Give values, or one sweep."),
        };
    }

    public static Answer ToInteger(OverrideValue value) => value switch
    {
        TextValue text => IntegerOf(text.Text),
        QuotedValue quoted => IntegerOf(quoted.Text),
        IntegerValue => value,
        BooleanValue boolean => new IntegerValue(boolean.Value ? BigInteger.One : BigInteger.Zero),
        FloatValue { Value: var number } => double.IsFinite(number)
            ? new IntegerValue(new BigInteger(Math.Truncate(number)))
            : FunctionFaults.Cast(OverridePrinter.Print(value), "an integer", "Give a finite number."),
        _ => Inside(value, ToInteger, "an integer"),
    };

    public static Answer ToFloat(OverrideValue value) => value switch
    {
        TextValue text => FloatOf(text.Text),
        QuotedValue quoted => FloatOf(quoted.Text),
        FloatValue => value,
        BooleanValue boolean => new FloatValue(boolean.Value ? 1 : 0),
        IntegerValue integer => PythonNumbers.TryFloat(integer.Value, out double number)
            ? new FloatValue(number)
            : FunctionFaults.Cast("an integer so large", "a float", "Floats end at 1.8e308; leave it an integer."),
        _ => Inside(value, ToFloat, "a float"),
    };

    public static Answer ToText(OverrideValue value) => value switch
    {
        TextValue => value,
        QuotedValue quoted => new TextValue(quoted.Text),
        BooleanValue boolean => new TextValue(boolean.Value ? "true" : "false"),
        IntegerValue or FloatValue => new TextValue(OverridePrinter.ReferenceText(value)),
        RangeSweep => FunctionFaults.Cast("a range", "a string", "Only int and float take a range."),
        IntervalSweep => FunctionFaults.Cast("an interval", "a string", "Only int and float take an interval."),
        _ => Inside(value, ToText, "a string"),
    };

    public static Answer ToBoolean(OverrideValue value) => value switch
    {
        TextValue text => BooleanOf(text.Text),
        QuotedValue quoted => BooleanOf(quoted.Text),
        BooleanValue => value,
        NullValue => new BooleanValue(false),
        IntegerValue integer => new BooleanValue(!integer.Value.IsZero),
        FloatValue number => new BooleanValue(number.Value != 0),
        RangeSweep => FunctionFaults.Cast("a range", "a boolean", "Only int and float take a range."),
        IntervalSweep => FunctionFaults.Cast("an interval", "a boolean", "Only int and float take an interval."),
        _ => Inside(value, ToBoolean, "a boolean"),
    };

    public static Answer ToJson(OverrideValue value)
    {
        if (value is ChoiceSweep choice)
            return EachChoice(
                choice, item => item is NullValue ? FunctionFaults.Cast("null", "JSON in a sweep", "Leave it out.") : ToJson(item));
        if (value is ZipSweep zip) return EachZip(zip, ToJson);
        if (value is RangeSweep or IntervalSweep)
            return FunctionFaults.Cast("a range or an interval", "JSON", "Only int and float take one.");
        return JsonText.TryWrite(value, out string json)
            ? new TextValue(json)
            : FunctionFaults.Cast(
            "a sweep inside a list or dictionary", "JSON", "Write the sweep around json_str: choice(json_str(…),json_str(…)).");
    }

    private static Answer Inside(OverrideValue value, Func<OverrideValue, Answer> cast, string target) => value switch
    {
        ListValue list => Each(list.Items, cast, out CallFault? fault) is { } items ? new ListValue(items) : fault!,
        DictionaryValue dictionary => EachEntry(dictionary, cast),
        ChoiceSweep choice => EachChoice(choice, cast),
        ZipSweep zip => EachZip(zip, cast),
        RangeSweep range => Each([range.Start, range.Stop, range.Step], cast, out CallFault? fault) is { } ends
            ? range with { Start = ends[0], Stop = ends[1], Step = ends[2] }
            : fault!,
        IntervalSweep interval => Each([interval.Start, interval.End], cast, out CallFault? fault) is { } ends
            ? interval with { Start = ends[0], End = ends[1] }
            : fault!,
        _ => FunctionFaults.Cast(
            OverridePrinter.Print(value), target, "Give a number, a string, a list, a dictionary or a sweep of these."),
    };

    private static Answer EachEntry(DictionaryValue dictionary, Func<OverrideValue, Answer> cast) =>
        Each([.. dictionary.Entries.Select(entry => entry.Value)], cast, out CallFault? fault) is { } values
            ? new DictionaryValue([.. dictionary.Entries.Zip(values, (entry, value) => entry with { Value = value })])
            : fault!;

    private static Answer EachChoice(ChoiceSweep choice, Func<OverrideValue, Answer> cast)
    {
        if (choice.Items.Any(item => item is SweepValue))
            return FunctionFaults.Wrong("a sweep stands inside a sweep", "Write all values into one sweep.");
        return Each(choice.Items, cast, out CallFault? fault) is { } items ? choice with { Items = items } : fault!;
    }

    private static Answer EachZip(ZipSweep zip, Func<OverrideValue, Answer> cast) =>
        Each(zip.Items, cast, out CallFault? fault) is { } items ? zip with { Items = items } : fault!;

    private static OverrideValue[]? Each(IReadOnlyList<OverrideValue> values, Func<OverrideValue, Answer> cast, out CallFault? fault)
    {
        fault = null;
        var results = new OverrideValue[values.Count];
        for (int i = 0; i < results.Length; i++)
        {
            Answer answer = cast(values[i]);
            if (answer.Fault is not null)
            {
                fault = answer.Fault;
                return null;
            }
            results[i] = answer.Value!;
        }
        return results;
    }

    private static Answer IntegerOf(string text) => PythonNumbers.TryInteger(text, out BigInteger number)
        ? new IntegerValue(number)
        : FunctionFaults.Cast(Shown(text), "an integer", "Give digits, such as int('42').");

    private static Answer FloatOf(string text) => PythonNumbers.TryFloat(text, out double number)
        ? new FloatValue(number)
        : FunctionFaults.Cast(Shown(text), "a float", "Give a number, such as float('0.1').");

    private static Answer BooleanOf(string text)
    {
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return new BooleanValue(true);
        if (text.Equals("false", StringComparison.OrdinalIgnoreCase)) return new BooleanValue(false);
        return FunctionFaults.Cast(Shown(text), "a boolean", "Give true or false.");
    }

    // A message shows enough to find it again.
    private static string Shown(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..37]}…'";
}

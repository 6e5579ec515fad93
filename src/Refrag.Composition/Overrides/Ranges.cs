using System.Numerics;
using Refrag.Composition.Overrides.Functions;

namespace Refrag.Composition.Overrides;

/// <summary>The values of a range, counted and had one by one without writing them all down.</summary>
/// <param name="Start">The first.</param>
/// <param name="Step">From one to the next.</param>
/// <param name="Count">How many.</param>
/// <param name="IsInteger">Whether they are integers.</param>
internal sealed record RangeValues(ExactDecimal Start, ExactDecimal Step, BigInteger Count, bool IsInteger)
{
    /// <summary>The value at <paramref name="index"/>, from 0.</summary>
    public OverrideValue At(BigInteger index)
    {
        ExactDecimal value = Start + (Step * index);
        return IsInteger ? new IntegerValue(value.Coefficient) : new FloatValue(value.ToDouble());
    }
}

/// <summary>Counts and sorts ranges.</summary>
internal static class Ranges
{
    /// <summary>The values; null if they never end or make no sense, with the reason in <paramref name="wrong"/>.</summary>
    public static RangeValues? Values(RangeSweep range, out string? wrong)
    {
        bool isInteger = range is { Start: not FloatValue, Stop: not FloatValue, Step: not FloatValue };
        wrong = null;
        if (ExactDecimal.Of(range.Start) is not { } start || ExactDecimal.Of(range.Stop) is not { } stop
            || ExactDecimal.Of(range.Step) is not { } step)
            wrong = "its start, stop and step must be finite numbers";
        else if (step.Sign == 0)
            wrong = "its step is 0, so it never ends";
        else
            return new RangeValues(start, step, Count(start, stop, step), isInteger);
        return null;
    }

    private static BigInteger Count(ExactDecimal start, ExactDecimal stop, ExactDecimal step)
    {
        ExactDecimal distance = step.Sign > 0 ? stop - start : start - stop;
        return distance.Sign <= 0 ? BigInteger.Zero : distance.Steps(step.Sign > 0 ? step : -step);
    }

    /// <summary>The same values upwards, or downwards.</summary>
    public static Answer Sort(RangeSweep range, bool reverse)
    {
        if (IsUpward(range.Step) == !reverse) return range;
        if (ExactDecimal.Of(range.Step) is { Sign: 0 } && range.Step is FloatValue) return range;
        if (Values(range, out string? wrong) is not { } values)
            return FunctionFaults.Wrong($"sort cannot turn {OverridePrinter.Print(range)} round: {wrong}",
                "Write range(start,stop,step) with a step other than 0.");
        if (values.Count < 2) return range;
        ExactDecimal back = -values.Step;
        // Just beyond the first value: a whole step for integers, half a step for floats, which may be a hair off.
        ExactDecimal stop = values.Start + (values.IsInteger ? back : back.Half);
        return values.IsInteger
            ? range with
            {
                Start = values.At(values.Count - 1),
                Stop = new IntegerValue(stop.Coefficient),
                Step = new IntegerValue(back.Coefficient),
            }
            : range with
            {
                Start = values.At(values.Count - 1),
                Stop = new FloatValue(stop.ToDouble()),
                Step = new FloatValue(back.ToDouble()),
            };
    }

    private static bool IsUpward(OverrideValue step) => step switch
    {
        FloatValue number => number.Value > 0,
        IntegerValue integer => integer.Value.Sign > 0,
        _ => step is BooleanValue { Value: true },
    };
}

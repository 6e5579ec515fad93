using System.Numerics;

namespace Refrag.Composition.Overrides.Functions;

/// <summary>
/// A stable merge sort by "less than" alone, for values that compare as in Python: numbers and booleans by value, strings by code points,
/// lists item by item, nothing else. Comparisons that contradict each other (nan) give some order, and no failure.
/// </summary>
internal sealed class ValueSorter(OverrideDialect dialect)
{
    /// <summary>The two that could not be compared, after a failed sort.</summary>
    public (OverrideValue A, OverrideValue B) Incomparable { get; private set; }

    /// <summary>Whether quoted strings were compared, which the reference cannot.</summary>
    public bool ComparedQuoted { get; private set; }

    public bool Sort(OverrideValue[] values)
    {
        var from = (OverrideValue[])values.Clone();
        return Sort(from, values, 0, values.Length);
    }

    private bool Sort(OverrideValue[] from, OverrideValue[] to, int start, int end)
    {
        if (end - start < 2) return true;
        int middle = (start + end) / 2;
        return Sort(to, from, start, middle) && Sort(to, from, middle, end) && Merge(from, to, start, middle, end);
    }

    private bool Merge(OverrideValue[] from, OverrideValue[] to, int start, int middle, int end)
    {
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++)
        {
            bool takeRight = left == middle;
            if (!takeRight && right < end)
            {
                if (Less(from[right], from[left]) is not { } less) return Fail(from[right], from[left]);
                takeRight = less;
            }
            to[i] = takeRight ? from[right++] : from[left++];
        }
        return true;
    }

    private bool Fail(OverrideValue a, OverrideValue b)
    {
        Incomparable = (a, b);
        return false;
    }

    private bool? Less(OverrideValue a, OverrideValue b) => (Text(a), Text(b)) switch
    {
        ({ } x, { } y) => CompareCodePoints(x, y) < 0,
        (null, null) when IsNumber(a) && IsNumber(b) => LessNumber(a, b),
        (null, null) when a is ListValue x && b is ListValue y => LessList(x, y),
        _ => null,
    };

    private string? Text(OverrideValue value)
    {
        if (value is not QuotedValue quoted) return (value as TextValue)?.Text;
        if (dialect == OverrideDialect.Hydra) return null;
        ComparedQuoted = true;
        return quoted.Text;
    }

    private bool? LessList(ListValue a, ListValue b)
    {
        int shared = Math.Min(a.Items.Count, b.Items.Count);
        for (int i = 0; i < shared; i++)
        {
            if (!SameValue(a.Items[i], b.Items[i])) return Less(a.Items[i], b.Items[i]);
        }
        return a.Items.Count < b.Items.Count;
    }

    private static bool SameValue(OverrideValue a, OverrideValue b) =>
        IsNumber(a) && IsNumber(b) ? !LessNumber(a, b) && !LessNumber(b, a) : a.Equals(b);

    private static bool IsNumber(OverrideValue value) => ValueTypes.Of(value).IsIn(Types.Number);

    private static bool LessNumber(OverrideValue a, OverrideValue b) => (a, b) switch
    {
        (FloatValue x, FloatValue y) => x.Value < y.Value,
        (FloatValue x, _) => Compare(Whole(b), x.Value) > 0,
        (_, FloatValue y) => Compare(Whole(a), y.Value) < 0,
        _ => Whole(a) < Whole(b),
    };

    private static BigInteger Whole(OverrideValue value) => value is BooleanValue boolean
        ? (boolean.Value ? BigInteger.One : BigInteger.Zero)
        : ((IntegerValue)value).Value;

    // Exact: an integer is never rounded to a float. Nothing is less or more than nan.
    private static int Compare(BigInteger integer, double number)
    {
        if (double.IsNaN(number)) return 0;
        if (double.IsInfinity(number)) return number > 0 ? -1 : 1;
        double floor = Math.Floor(number);
        int compared = integer.CompareTo(new BigInteger(floor));
        return compared == 0 && number > floor ? -1 : compared;
    }

    // UTF-16 sorts surrogates before the last characters of the basic plane; code points do not.
    private static int CompareCodePoints(string a, string b)
    {
        int shared = Math.Min(a.Length, b.Length);
        for (int i = 0; i < shared; i++)
        {
            if (a[i] == b[i]) continue;
            bool surrogateA = char.IsSurrogate(a[i]);
            return surrogateA == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : surrogateA ? 1 : -1;
        }
        return a.Length.CompareTo(b.Length);
    }
}

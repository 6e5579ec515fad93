using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Refrag.Composition.Overrides;

/// <summary>
/// A number of decimal digits without rounding: coefficient × 10^exponent. Ranges count in it, so that 0.1, 0.2, 0.3 come out as such.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExactDecimal(BigInteger Coefficient, int Exponent)
{
    /// <summary>The number as it is written; null for inf and nan, and for what is no number.</summary>
    public static ExactDecimal? Of(OverrideValue value) => value switch
    {
        BooleanValue boolean => new ExactDecimal(boolean.Value ? BigInteger.One : BigInteger.Zero, 0),
        IntegerValue integer => new ExactDecimal(integer.Value, 0),
        FloatValue number when double.IsFinite(number.Value) => Of(number.Value),
        _ => null,
    };

    public static ExactDecimal operator +(ExactDecimal a, ExactDecimal b)
    {
        (BigInteger x, BigInteger y, int exponent) = Align(a, b);
        return new ExactDecimal(x + y, exponent);
    }

    public static ExactDecimal operator -(ExactDecimal a, ExactDecimal b) => a + (-b);

    public static ExactDecimal operator -(ExactDecimal a) => new(-a.Coefficient, a.Exponent);

    public static ExactDecimal operator *(ExactDecimal a, BigInteger times) => new(a.Coefficient * times, a.Exponent);

    public ExactDecimal Half => new(Coefficient * 5, Exponent - 1);

    public int Sign => Coefficient.Sign;

    /// <summary>How often <paramref name="step"/> fits, counting a rest as once more. Both are positive.</summary>
    public BigInteger Steps(ExactDecimal step)
    {
        (BigInteger distance, BigInteger one, _) = Align(this, step);
        return (distance + one - BigInteger.One) / one;
    }

    /// <summary>The nearest float.</summary>
    public double ToDouble() => double.Parse(
        $"{Coefficient.ToString(CultureInfo.InvariantCulture)}E{Exponent.ToString(CultureInfo.InvariantCulture)}", NumberStyles.Float,
        CultureInfo.InvariantCulture);

    private static ExactDecimal Of(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int exponent = exponentAt < 0
            ? 0
            : int.Parse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        return new(
            BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture), exponent);
    }

    // A float's exponent is between -324 and 308, so neither factor is large.
    private static (BigInteger A, BigInteger B, int Exponent) Align(ExactDecimal a, ExactDecimal b)
    {
        int exponent = Math.Min(a.Exponent, b.Exponent);
        return (a.Coefficient * BigInteger.Pow(10, a.Exponent - exponent), b.Coefficient * BigInteger.Pow(10, b.Exponent - exponent),
            exponent);
    }
}

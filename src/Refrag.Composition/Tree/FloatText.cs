using System.Globalization;

namespace Refrag.Composition;

/// <summary>Floats as Python writes them, which users of this language expect: <c>1.0</c>, <c>1e-05</c>, <c>1e+16</c>, <c>inf</c>, <c>nan</c>.</summary>
internal static class FloatText
{
    public static string Of(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        // The shortest digits that read back the same; Python lays them out as a fixed number from 1e-4 up to 1e16.
        (string digits, int exponent) = Significant(number.ToString("R", CultureInfo.InvariantCulture));
        if (number == 0) exponent = 0;
        bool negative = double.IsNegative(number);
        string text = exponent is < -4 or >= 16 ? Exponential(digits, exponent) : Fixed(digits, exponent);
        return negative ? "-" + text : text;
    }

    // The significant digits, without point or sign, and the exponent of the first.
    private static (string Digits, int Exponent) Significant(string text)
    {
        text = text.TrimStart('-');
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? mantissa : mantissa[..point];
        string all = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        string digits = all.TrimStart('0');
        exponent += whole.Length - 1 - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent);
    }

    private static string Exponential(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1
            ? digits.PadRight(exponent + 1, '0') + ".0"
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}

using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Refrag.Composition.Overrides.Grammar;

namespace Refrag.Composition.Overrides;

/// <summary>Numbers as Python writes and reads them, since the reference is written in it.</summary>
internal static class PythonNumbers
{
    private static readonly SearchValues<char> FloatCharacters = SearchValues.Create("0123456789+-.eE");

    /// <summary>
    /// The shortest text that reads back as the same number: <c>10.0</c>, <c>1e-05</c>, <c>1e+16</c>, <c>inf</c>, <c>nan</c>.
    /// </summary>
    public static string Write(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        return Layout(value.ToString("R", CultureInfo.InvariantCulture), double.IsNegative(value));
    }

    // "R" gives the shortest digits; where the point goes and from when on there is an exponent is Python's way.
    private static string Layout(string shortest, bool negative)
    {
        string unsigned = negative ? shortest[1..] : shortest;
        int exponentAt = unsigned.IndexOf('E', StringComparison.Ordinal);
        string mantissa = exponentAt < 0 ? unsigned : unsigned[..exponentAt];
        int exponent = exponentAt < 0
            ? 0
            : int.Parse(unsigned[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        int place = (point < 0 ? mantissa.Length : point) + exponent;
        int zeros = digits.Length - digits.AsSpan().TrimStart('0').Length;
        digits = digits[zeros..].TrimEnd('0');
        place -= zeros;
        if (digits.Length == 0) return negative ? "-0.0" : "0.0";
        return (negative ? "-" : "") + (place is > -4 and <= 16 ? Fixed(digits, place) : Scientific(digits, place - 1));
    }

    private static string Fixed(string digits, int place)
    {
        if (place <= 0) return $"0.{new string('0', -place)}{digits}";
        return place >= digits.Length ? $"{digits}{new string('0', place - digits.Length)}.0" : $"{digits[..place]}.{digits[place..]}";
    }

    private static string Scientific(string digits, int exponent)
    {
        string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The nearest float, or false where the integer is larger than any.</summary>
    public static bool TryFloat(BigInteger value, out double number)
    {
        // Parsing rounds to the nearest; a conversion would cut off.
        number = double.Parse(value.ToString(CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return double.IsFinite(number);
    }

    /// <summary>An integer in decimal: sign, digits of any script, single underscores between digits, white space around.</summary>
    public static bool TryInteger(string text, out BigInteger number)
    {
        number = default;
        string? plain = Plain(text.Trim());
        if (plain is null || plain.Length > Scalars.MostDigits + 1) return false;
        return BigInteger.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A float: as an integer, with a fraction, an exponent, or one of <c>inf infinity nan</c> in any case.</summary>
    public static bool TryFloat(string text, out double number)
    {
        string trimmed = text.Trim();
        bool signed = trimmed.Length > 0 && trimmed[0] is ('+' or '-');
        switch ((signed ? trimmed[1..] : trimmed).ToUpperInvariant())
        {
            case "INF" or "INFINITY":
                number = trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            case "NAN":
                number = double.NaN;
                return true;
        }
        number = 0;
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return Plain(trimmed) is { } plain && !plain.AsSpan().ContainsAnyExcept(FloatCharacters)
            && double.TryParse(plain, Styles, CultureInfo.InvariantCulture, out number);
    }

    // Digits of every script as ASCII, underscores gone; null if an underscore is not between two digits.
    private static string? Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        bool afterDigit = false;
        for (int i = 0; i < text.Length; i++)
        {
            int digit = CharUnicodeInfo.GetDecimalDigitValue(text, i);
            if (digit >= 0) plain.Append((char)('0' + digit));
            else if (text[i] != '_') plain.Append(text[i]);
            else if (!afterDigit || i + 1 >= text.Length || CharUnicodeInfo.GetDecimalDigitValue(text, i + 1) < 0) return null;
            afterDigit = digit >= 0;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
        }
        return plain.ToString();
    }
}

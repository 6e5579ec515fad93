using System.Buffers;
using System.Globalization;
using System.Numerics;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>
/// What a scalar of YAML means to OmegaConf: YAML 1.1 as PyYAML reads it, without timestamps and with OmegaConf's floats (<c>1e3</c>).
/// </summary>
internal static class YamlScalars
{
    private const int Octal = 8;
    private const int Sexagesimal = 60;

    private static readonly SearchValues<char> FirstOfNumber = SearchValues.Create("-+0123456789.");

    /// <summary>
    /// The value of a plain scalar without a tag; null if it is one of the marks <c>&lt;&lt;</c> and <c>=</c>, which are not values.
    /// </summary>
    public static ConfigScalar? Plain(string text, Mark mark)
    {
        if (text.Length == 0) return ConfigScalar.NullAt(mark);
        if (FirstOfNumber.Contains(text[0]))
        {
            if (YamlNumbers.LooksLikeFloat(text) && Float(text) is { } number) return ConfigScalar.Of(number, mark);
            if (YamlNumbers.LooksLikeInteger(text)) return Integer(text) is { } whole ? ConfigScalar.Of(whole, mark) : null;
            return ConfigScalar.Of(text, mark);
        }
        return text switch
        {
            "~" or "null" or "Null" or "NULL" => ConfigScalar.NullAt(mark),
            "<<" or "=" => null,
            _ => Boolean(text) is { } truth ? ConfigScalar.Of(truth, mark) : ConfigScalar.Of(text, mark),
        };
    }

    /// <summary>The truth value of YAML 1.1's words in their three usual cases.</summary>
    public static bool? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>
    /// A whole number: decimal, <c>0b</c>, <c>0x</c>, octal with a leading 0, or in base 60 with colons. Null if it is none.
    /// </summary>
    public static BigInteger? Integer(string text)
    {
        // Where the tag says so, white space around the digits means nothing, as to Python's int().
        string digits = text.Replace("_", "", StringComparison.Ordinal).Trim();
        bool negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+')) digits = digits[1..].TrimStart();
        BigInteger? value = Unsigned(digits);
        return negative ? -value : value;
    }

    /// <summary>A floating-point number, also <c>.inf</c>, <c>.nan</c> and base 60 with colons. Null if it is none.</summary>
    public static double? Float(string text)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant().Trim();
        double sign = digits.StartsWith('-') ? -1 : 1;
        if (digits.Length > 0 && digits[0] is '-' or '+') digits = digits[1..];
        if (digits == ".inf") return sign * double.PositiveInfinity;
        if (digits == ".nan") return double.NaN;
        if (digits.Contains(':'))
        {
            double value = 0;
            foreach (string part in digits.Split(':'))
            {
                if (!Decimal(part, out double next)) return null;
                value = (value * Sexagesimal) + next;
            }
            return sign * value;
        }
        return Decimal(digits, out double number) ? sign * number : null;
    }

    private static bool Decimal(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    private static BigInteger? Unsigned(string digits)
    {
        if (digits == "0") return BigInteger.Zero;
        if (digits.StartsWith("0b", StringComparison.Ordinal)) return InBase(digits.AsSpan(2), 2);
        if (digits.StartsWith("0x", StringComparison.Ordinal)) return InBase(digits.AsSpan(2), 16);
        if (digits.StartsWith('0')) return InBase(digits, Octal);
        if (!digits.Contains(':')) return InBase(digits, 10);
        BigInteger value = 0;
        foreach (string part in digits.Split(':'))
        {
            if (InBase(part, 10) is not { } next) return null;
            value = (value * Sexagesimal) + next;
        }
        return value;
    }

    private static BigInteger? InBase(ReadOnlySpan<char> digits, int numberBase)
    {
        if (numberBase == 10)
            return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger number) ? number : null;
        // A zero in front keeps the first digit from being read as a sign.
        if (numberBase == 16)
            return digits.Length > 0
                && BigInteger.TryParse($"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger hex)
                ? hex
                : null;
        if (digits.Length == 0) return null;
        BigInteger value = 0;
        foreach (char c in digits)
        {
            if (c < '0' || c >= '0' + numberBase) return null;
            value = (value * numberBase) + (c - '0');
        }
        return value;
    }
}

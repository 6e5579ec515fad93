using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>What text without quotes means in the grammar of overrides and interpolations: null, a truth value, a number or text.</summary>
public static partial class Primitives
{
    /// <summary>The value of text without quotes and escapes.</summary>
    public static ConfigScalar Of(string text, Mark mark = default)
    {
        if (text.Length == 0) return ConfigScalar.Of(text, mark);
        if (text.Equals("null", StringComparison.OrdinalIgnoreCase)) return ConfigScalar.NullAt(mark);
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) return ConfigScalar.Of(true, mark);
        if (text.Equals("false", StringComparison.OrdinalIgnoreCase)) return ConfigScalar.Of(false, mark);
        // Only what begins like a number is read further.
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.' or 'i' or 'I' or 'n' or 'N'))
            return ConfigScalar.Of(text, mark);
        if (Whole().IsMatch(text)) return ConfigScalar.Of(BigInteger.Parse(Digits(text), CultureInfo.InvariantCulture), mark);
        if (Fraction().IsMatch(text))
            return ConfigScalar.Of(double.Parse(Digits(text), NumberStyles.Float, CultureInfo.InvariantCulture), mark);
        return Special(text) is { } special ? ConfigScalar.Of(special, mark) : ConfigScalar.Of(text, mark);
    }

    private static string Digits(string text) => text.Replace("_", "", StringComparison.Ordinal);

    private static double? Special(string text)
    {
        ReadOnlySpan<char> word = text[0] is '+' or '-' ? text.AsSpan(1) : text;
        if (word.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        if (!word.Equals("inf", StringComparison.OrdinalIgnoreCase)) return null;
        return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
    }

    [GeneratedRegex(@"^[-+]?(?:0|[1-9](?:_?[0-9])*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Whole();

    [GeneratedRegex(
        @"^[-+]?(?:(?:0|[1-9](?:_?[0-9])*)"
            + @"(?:\.|(?:\.[0-9](?:_?[0-9])*)?(?:[eE][-+]?[0-9](?:_?[0-9])*)|\.[0-9](?:_?[0-9])*|\.[eE][-+]?[0-9](?:_?[0-9])*)"
            + @"|\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?)\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Fraction();
}

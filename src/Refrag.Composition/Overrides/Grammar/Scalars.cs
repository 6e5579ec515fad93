using System.Globalization;
using System.Numerics;
using System.Text;

namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Turns tokens into scalars.</summary>
internal static class Scalars
{
    // The reference's integers stop here too; beyond, reading one takes quadratic time.
    public const int MostDigits = 4300;

    /// <summary>The value of one token; null for an integer with too many digits.</summary>
    public static OverrideValue? Single(string text, Token token) => token.Kind switch
    {
        TokenKind.Quoted => new QuotedValue(QuotedText.Unquote(token.In(text)), text[token.Start]),
        TokenKind.Null => NullValue.Instance,
        TokenKind.Boolean => new BooleanValue(token.Length == 4),
        TokenKind.Float => new FloatValue(Float(token.In(text))),
        TokenKind.Integer => Integer(token.In(text)),
        TokenKind.Escape => new TextValue(Unescape(token.In(text))),
        _ => new TextValue(token.In(text).ToString()),
    };

    /// <summary>Several tokens as one string: what stands there, less the backslashes of escapes.</summary>
    public static TextValue Join(string text, ReadOnlySpan<Token> tokens)
    {
        var joined = new StringBuilder();
        foreach (Token token in tokens)
        {
            if (token.Kind == TokenKind.Escape) joined.Append(Unescape(token.In(text)));
            else joined.Append(token.In(text));
        }
        return new TextValue(joined.ToString());
    }

    public static double Float(ReadOnlySpan<char> digits)
    {
        bool negative = digits[0] == '-';
        ReadOnlySpan<char> unsigned = digits[0] is '+' or '-' ? digits[1..] : digits;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return double.NaN;
        double value = unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase)
            ? double.PositiveInfinity
            : double.Parse(
            unsigned.ToString().Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }

    private static IntegerValue? Integer(ReadOnlySpan<char> digits)
    {
        string plain = digits.ToString().Replace("_", "", StringComparison.Ordinal);
        return plain.Length > MostDigits + 1
            ? null
            : new IntegerValue(BigInteger.Parse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string Unescape(ReadOnlySpan<char> pairs)
    {
        var plain = new StringBuilder(pairs.Length / 2);
        for (int i = 1; i < pairs.Length; i += 2) plain.Append(pairs[i]);
        return plain.ToString();
    }
}

namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Where a number ends. Each method gives the position after it, or where it was asked if there is none.</summary>
internal static class Numbers
{
    /// <summary><c>0</c>, or a digit from 1 and more digits, single underscores between them.</summary>
    public static int Integer(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || !Characters.IsDigit(text[at])) return at;
        return text[at] == '0' ? at + 1 : Digits(text, at);
    }

    /// <summary>An integer or a float, without a sign.</summary>
    public static int Unsigned(ReadOnlySpan<char> text, int at, out bool isFloat)
    {
        int integer = Integer(text, at);
        int mantissa = Fraction(text, integer, hasInteger: integer > at);
        isFloat = mantissa > integer;
        if (mantissa == at) return at;
        int end = Exponent(text, mantissa);
        isFloat |= end > mantissa;
        return end;
    }

    private static int Fraction(ReadOnlySpan<char> text, int at, bool hasInteger)
    {
        if (at >= text.Length || text[at] != '.') return at;
        int digits = Digits(text, at + 1);
        return digits > at + 1 || hasInteger ? digits : at;
    }

    private static int Exponent(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E')) return at;
        int digits = at + 1 < text.Length && text[at + 1] is ('+' or '-') ? at + 2 : at + 1;
        int end = Digits(text, digits);
        return end > digits ? end : at;
    }

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && Characters.IsDigit(text[at]))
        {
            at++;
            if (at + 1 < text.Length && text[at] == '_' && Characters.IsDigit(text[at + 1])) at++;
        }
        return at;
    }
}

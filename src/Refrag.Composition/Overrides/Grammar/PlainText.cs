namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Says whether a string can stand without quotes.</summary>
internal static class PlainText
{
    /// <summary>Whether the string, with escapes where they are needed, reads as itself.</summary>
    public static bool IsFaithful(string text) => CanStand(text) && (text.Any(Characters.IsEscapable) || !IsTyped(text));

    /// <summary>Whether it holds nothing that only quotes can hold.</summary>
    public static bool CanStand(string text)
    {
        for (int i = 0, length; i < text.Length; i += length)
        {
            if (!CanStand(text.AsSpan(i), out length)) return false;
        }
        return text.Length > 0;
    }

    private static bool CanStand(ReadOnlySpan<char> text, out int length)
    {
        char c = text[0];
        length = 1;
        return c < 0x80
            ? Characters.ContinuesIdentifier(c) || Characters.IsUnquoted(c) || Characters.IsEscapable(c)
            || Characters.IsHarmlessPunctuation(c)
            : Characters.IsBeyondAscii(text, out length);
    }

    // A number, boolean or null if it is the only token.
    private static bool IsTyped(string text)
    {
        var lexer = new ValueLexer(text, 0, OverrideDialect.Extended);
        Token first = lexer.Next();
        return first.Kind is (TokenKind.Integer or TokenKind.Float or TokenKind.Boolean or TokenKind.Null)
            && lexer.Next().Kind == TokenKind.End;
    }
}

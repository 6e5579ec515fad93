namespace Refrag.Composition.Overrides.Grammar;

/// <summary>
/// Cuts a value into tokens, the longest that fits at each place. White space belongs to the bracket, comma, colon or equals sign that it
/// surrounds; only white space inside a string is a token of its own.
/// </summary>
internal sealed class ValueLexer(string text, int start, OverrideDialect dialect)
{
    private readonly bool _extended = dialect == OverrideDialect.Extended;
    private int _position = start;

    /// <summary>What was read that only the extended dialect has.</summary>
    public OverrideExtensions Extensions { get; private set; }

    public Token Next()
    {
        int at = _position;
        Token token = at >= text.Length ? new Token(TokenKind.End, text.Length, 0) : Read(at);
        _position = token.End;
        return token;
    }

    private Token Read(int at)
    {
        char c = text[at];
        if (Characters.IsSpace(c)) return SpaceOrSurrounded(at);
        if (Characters.StartsIdentifier(c)) return Word(at);
        if (Characters.IsDigit(c) || c is '+' or '-' or '.') return NumberOrCharacter(at);
        return c switch
        {
            '\'' or '"' => Quoted(at),
            '\\' => EscapeOrCharacter(at),
            '$' => InterpolationOrCharacter(at),
            _ when Punctuation(c) is var kind && kind != TokenKind.Invalid => Surrounded(kind, at, at),
            _ => Other(at),
        };
    }

    private static TokenKind Punctuation(char c) => c switch
    {
        '(' => TokenKind.ParenOpen,
        ')' => TokenKind.ParenClose,
        ',' => TokenKind.Comma,
        '[' => TokenKind.BracketOpen,
        ']' => TokenKind.BracketClose,
        '{' => TokenKind.BraceOpen,
        '}' => TokenKind.BraceClose,
        ':' => TokenKind.Colon,
        '=' => TokenKind.Equal,
        _ => TokenKind.Invalid,
    };

    private Token SpaceOrSurrounded(int at)
    {
        int end = AfterSpace(at);
        TokenKind kind = end < text.Length ? Punctuation(text[end]) : TokenKind.Invalid;
        // An opening bracket or brace starts an element; white space before it is not its own.
        return kind is TokenKind.Invalid or TokenKind.BracketOpen or TokenKind.BraceOpen
            ? new Token(TokenKind.Space, at, end - at)
            : Surrounded(kind, at, end);
    }

    private Token Surrounded(TokenKind kind, int start, int sign)
    {
        int end = kind is TokenKind.ParenClose or TokenKind.BracketClose or TokenKind.BraceClose ? sign + 1 : AfterSpace(sign + 1);
        return new Token(kind, start, end - start);
    }

    private int AfterSpace(int at)
    {
        while (at < text.Length && Characters.IsSpace(text[at])) at++;
        return at;
    }

    private Token Word(int at)
    {
        int end = at + 1;
        while (end < text.Length && Characters.ContinuesIdentifier(text[end])) end++;
        ReadOnlySpan<char> word = text.AsSpan(at, end - at);
        TokenKind kind = word.Length switch
        {
            3 when IsNamedFloat(word) => TokenKind.Float,
            4 when word.Equals("true", StringComparison.OrdinalIgnoreCase) => TokenKind.Boolean,
            4 when word.Equals("null", StringComparison.OrdinalIgnoreCase) => TokenKind.Null,
            5 when word.Equals("false", StringComparison.OrdinalIgnoreCase) => TokenKind.Boolean,
            _ => TokenKind.Identifier,
        };
        return new Token(kind, at, end - at);
    }

    private static bool IsNamedFloat(ReadOnlySpan<char> word) =>
        word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("nan", StringComparison.OrdinalIgnoreCase);

    private Token NumberOrCharacter(int at)
    {
        int digits = text[at] is '+' or '-' ? at + 1 : at;
        int end = Numbers.Unsigned(text, digits, out bool isFloat);
        if (end > digits) return new Token(isFloat ? TokenKind.Float : TokenKind.Integer, at, end - at);
        return digits > at && digits + 3 <= text.Length && IsNamedFloat(text.AsSpan(digits, 3))
            ? new Token(TokenKind.Float, at, 4)
            : new Token(TokenKind.Character, at, 1);
    }

    private Token EscapeOrCharacter(int at)
    {
        int end = at;
        while (end + 1 < text.Length && text[end] == '\\' && Characters.IsEscapable(text[end + 1])) end += 2;
        return end > at ? new Token(TokenKind.Escape, at, end - at) : new Token(TokenKind.Character, at, 1);
    }

    // A quote closes where the run of backslashes before it has an even length.
    private Token Quoted(int at)
    {
        char quote = text[at];
        int backslashes = 0;
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == quote && backslashes % 2 == 0) return new Token(TokenKind.Quoted, at, i + 1 - at);
            backslashes = text[i] == '\\' ? backslashes + 1 : 0;
        }
        return Invalid(at, text.Length - at, TokenFault.UnclosedQuote);
    }

    private Token InterpolationOrCharacter(int at)
    {
        if (at + 1 >= text.Length || text[at + 1] != '{') return new Token(TokenKind.Character, at, 1);
        // Nothing between the braces names nothing.
        if (at + 2 < text.Length && text[at + 2] == '}') return new Token(TokenKind.Character, at, 1);
        if (_extended) return BalancedInterpolation(at);
        // The reference ends at the first brace and wants something before it.
        int close = at + 3 <= text.Length && text[at + 2] != '}' ? text.IndexOf('}', at + 2) : -1;
        return close < 0 ? new Token(TokenKind.Character, at, 1) : new Token(TokenKind.Interpolation, at, close + 1 - at);
    }

    private Token BalancedInterpolation(int at)
    {
        int depth = 0;
        for (int i = at + 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '{': depth++; break;
                case '}' when --depth == 0: return Balanced(new Token(TokenKind.Interpolation, at, i + 1 - at));
                case '\\': i++; break;
                case '\'' or '"' when Quoted(i) is { Kind: TokenKind.Quoted } quoted: i = quoted.End - 1; break;
                case '\'' or '"': return Invalid(i, text.Length - i, TokenFault.UnclosedQuote);
            }
        }
        return Invalid(at, text.Length - at, TokenFault.UnclosedInterpolation);
    }

    private Token Balanced(Token interpolation)
    {
        if (interpolation.In(text)[2..^1].IndexOfAny('{', '}') >= 0) Extensions |= OverrideExtensions.NestedInterpolation;
        return interpolation;
    }

    private Token Other(int at)
    {
        char c = text[at];
        if (Characters.IsUnquoted(c)) return new Token(TokenKind.Character, at, 1);
        if (_extended && Characters.IsHarmlessPunctuation(c)) return Extended(at, 1, OverrideExtensions.Punctuation);
        if (_extended && Characters.IsBeyondAscii(text.AsSpan(at), out int length)) return Extended(at, length, OverrideExtensions.Unicode);
        return Invalid(at, 1, Characters.IsControl(c) ? TokenFault.ControlCharacter : TokenFault.UnexpectedCharacter);
    }

    private Token Extended(int at, int length, OverrideExtensions extension)
    {
        Extensions |= extension;
        return new Token(TokenKind.Character, at, length);
    }

    private static Token Invalid(int at, int length, TokenFault fault) => new(TokenKind.Invalid, at, length) { Fault = fault };
}

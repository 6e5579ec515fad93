namespace Refrag.Composition.Overrides.Grammar;

/// <summary>
/// Cuts the left side of an override into tokens. The equals sign ends it; what follows is for the <see cref="ValueLexer"/>.
/// </summary>
internal sealed class KeyLexer(string text, OverrideDialect dialect)
{
    private readonly bool _extended = dialect == OverrideDialect.Extended;
    private int _position;

    public OverrideExtensions Extensions { get; private set; }

    public Token Next()
    {
        int at = _position;
        Token token = at >= text.Length ? new Token(TokenKind.End, text.Length, 0) : Read(at);
        _position = token.End;
        return token;
    }

    private Token Read(int at) => text[at] switch
    {
        '=' => new Token(TokenKind.Equal, at, AfterSpace(at + 1) - at),
        '~' => new Token(TokenKind.Tilde, at, 1),
        '+' => new Token(TokenKind.Plus, at, 1),
        '@' => new Token(TokenKind.At, at, 1),
        ':' => new Token(TokenKind.Colon, at, 1),
        '/' => new Token(TokenKind.Slash, at, 1),
        _ => Path(at),
    };

    private int AfterSpace(int at)
    {
        while (at < text.Length && Characters.IsSpace(text[at])) at++;
        return at;
    }

    // The longest of: an identifier, one with dollars, names and numbers with dots between, and the same with brackets or escapes.
    private Token Path(int at)
    {
        Token best = Plain(at);
        Token valuePath = ValuePath(at);
        if (valuePath.Length > best.Length)
        {
            Extensions |= OverrideExtensions.KeyPath;
            best = valuePath;
        }
        return best.Length > 0 ? best : Invalid(at);
    }

    private Token Plain(int at)
    {
        int first = Segment(at, out bool isNumber, out bool isSpecial);
        int end = first;
        while (end > at && end < text.Length && text[end] == '.')
        {
            int next = Segment(end + 1, out _, out _);
            if (next == end + 1) break;
            end = next;
        }
        if (end > first) return new Token(TokenKind.DotPath, at, end - at);
        // A number alone is no key.
        if (isNumber) return new Token(TokenKind.Invalid, at, 0);
        return new Token(isSpecial ? TokenKind.SpecialIdentifier : TokenKind.Identifier, at, end - at);
    }

    // A name, or an integer; gives the position after it, or where it was asked.
    private int Segment(int at, out bool isNumber, out bool isSpecial)
    {
        (isNumber, isSpecial) = (false, false);
        if (at >= text.Length) return at;
        int number = Numbers.Integer(text, at);
        if (number > at)
        {
            isNumber = true;
            return number;
        }
        if (text[at] == '-') return at;
        int end = at;
        for (int length; end < text.Length && IsNameCharacter(end, out length); end += length) isSpecial |= text[end] == '$';
        return end;
    }

    private bool IsNameCharacter(int at, out int length)
    {
        length = 1;
        char c = text[at];
        if (Characters.ContinuesIdentifier(c) || c == '$') return true;
        if (!_extended || !Characters.IsLetterBeyondAscii(text.AsSpan(at), out length)) return false;
        Extensions |= OverrideExtensions.Unicode;
        return true;
    }

    private Token ValuePath(int at)
    {
        int end = at;
        bool special = false;
        bool onlyNumber = false;
        for (bool first = true; ; first = false)
        {
            int segment = EscapedSegment(end, out bool escaped, out bool number);
            if (segment == end) return new Token(TokenKind.Invalid, at, 0);
            special |= escaped;
            onlyNumber = first && number;
            (end, bool bracketed) = Brackets(segment, allowed: !onlyNumber);
            special |= bracketed;
            if (end >= text.Length || text[end] != '.' || EscapedSegment(end + 1, out _, out _) == end + 1) break;
            end++;
        }
        return special ? new Token(TokenKind.ValuePath, at, end - at) : new Token(TokenKind.Invalid, at, 0);
    }

    private (int End, bool Any) Brackets(int at, bool allowed)
    {
        int end = at;
        while (allowed && end < text.Length && text[end] == '[')
        {
            int inside = Escaped(end + 1, out _);
            if (inside == end + 1 || inside >= text.Length || text[inside] != ']') break;
            end = inside + 1;
        }
        return (end, end > at);
    }

    private int EscapedSegment(int at, out bool escaped, out bool number)
    {
        int end = Escaped(at, out escaped);
        number = false;
        return escaped ? end : Segment(at, out number, out _);
    }

    // Letters, digits, _, -, $ and escaped dots, brackets and equals signs.
    private int Escaped(int at, out bool escaped)
    {
        escaped = false;
        int end = at;
        while (end < text.Length)
        {
            if (text[end] == '\\' && end + 1 < text.Length && text[end + 1] is ('.' or '[' or ']' or '='))
            {
                escaped = true;
                end += 2;
            }
            else if (IsNameCharacter(end, out int length))
            {
                end += length;
            }
            else
            {
                break;
            }
        }
        return end;
    }

    private Token Invalid(int at) => new(TokenKind.Invalid, at, 1)
    {
        Fault = Characters.IsControl(text[at]) ? TokenFault.ControlCharacter : TokenFault.UnexpectedCharacter,
    };
}

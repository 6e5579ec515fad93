namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Reads a document character by character. NUL stands for the end: it cannot be in a document.</summary>
internal sealed class YamlCursor
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly string _text;
    private int _lineStart;

    public YamlCursor(string text)
    {
        _text = text;
        if (text.StartsWith(ByteOrderMark)) Index = _lineStart = 1;
    }

    public int Index { get; private set; }

    public int Line { get; private set; } = 1;

    public int Column => Index - _lineStart;

    public YamlPosition Position => new(Index, Line, Column);

    public char Peek(int ahead = 0) => Index + ahead < _text.Length ? _text[Index + ahead] : '\0';

    public string Slice(int start) => _text[start..Index];

    /// <summary>How many characters, not UTF-16 units, lie between an index and here.</summary>
    public int CharactersSince(int index)
    {
        int count = Index - index;
        for (int i = index; i < Index; i++)
        {
            if (char.IsLowSurrogate(_text[i])) count--;
        }
        return count;
    }

    /// <summary>Moves forward within the line.</summary>
    public void Skip(int count = 1) => Index += count;

    public void SkipSpaces()
    {
        while (Peek() == ' ') Index++;
    }

    public void SkipToBreak()
    {
        while (!IsBreakOrEnd(Peek())) Index++;
    }

    /// <summary>
    /// Goes behind a line break. What it is in a scalar: a line feed, or U+2028 and U+2029 themselves; null if there is none.
    /// </summary>
    public char? TakeBreak()
    {
        char c = Peek();
        if (!IsBreak(c)) return null;
        Index += c == '\r' && Peek(1) == '\n' ? 2 : 1;
        Line++;
        _lineStart = Index;
        return c is '\u2028' or '\u2029' ? c : '\n';
    }

    /// <summary>Whether <c>---</c> or <c>...</c> stands here, alone or before white space.</summary>
    public bool IsDocumentMark(char mark) => Peek() == mark && Peek(1) == mark && Peek(2) == mark && IsBlankOrEnd(Peek(3));

    public bool IsDocumentMark() => IsDocumentMark('-') || IsDocumentMark('.');

    public static bool IsBreak(char c) => c is '\n' or '\r' or '\x85' or '\u2028' or '\u2029';

    public static bool IsBreakOrEnd(char c) => c == '\0' || IsBreak(c);

    public static bool IsBlankOrEnd(char c) => c is ' ' or '\t' || IsBreakOrEnd(c);

    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    /// <summary>The first character that YAML forbids, lone halves of pairs included; −1 for none.</summary>
    public static int FirstForbidden(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is (>= ' ' and <= '~') or '\n' or '\t' or '\r' or '\x85' or (>= '\xA0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD'))
                continue;
            if (!char.IsHighSurrogate(c) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1])) return i;
            i++;
        }
        return -1;
    }
}

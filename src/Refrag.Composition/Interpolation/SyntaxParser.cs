using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>
/// Reads OmegaConf's grammar in one pass over the text. Every method returns null, and leaves <see cref="Error"/>, where the text is not of
/// the grammar. This file reads values (what stands in lists, mappings and arguments); its other parts read texts and interpolations.
/// </summary>
internal sealed partial class SyntaxParser(string text, int limit)
{
    private int _at;
    private int _depth;
    private int _textUntil;

    public SyntaxError? Error { get; private set; }

    /// <summary>One value that is the whole text, as <c>oc.decode</c> takes it.</summary>
    public Syntax? SingleElement()
    {
        if (Element() is not { } element) return null;
        return _at == text.Length
            ? element
            : Fail(_at, $"Unexpected {Shown(_at)}", "Put quotes around the text, or a backslash before the character.");
    }

    private bool End => _at >= text.Length;

    private char Current => _at < text.Length ? text[_at] : '\0';

    private Syntax? Element()
    {
        if (++_depth > limit) return Fail(_at, $"Values lie more than {limit} deep one in another", "Write the value flatter.");
        Syntax? element = Current switch
        {
            '[' => List(),
            '{' => Mapping(),
            '\'' or '"' => Quoted(),
            _ => Primitive(),
        };
        _depth--;
        return element;
    }

    private ListSyntax? List()
    {
        int open = _at++;
        SkipSpace();
        if (Sequence(']') is not { } items) return null;
        if (Current != ']') return FailAs<ListSyntax>(open, "The list that begins here is not closed", "Add a ].");
        _at++;
        return new ListSyntax(items);
    }

    // Elements between commas, up to the closing character; nothing between two commas is an empty text.
    private List<Syntax>? Sequence(char close)
    {
        var items = new List<Syntax>();
        if (AtClose(close)) return items;
        while (true)
        {
            if (SkipSpaceBefore(',') || AtClose(close)) items.Add(new Literal(ConfigScalar.Of("")));
            else if (Element() is { } item) items.Add(item);
            else return null;
            if (!SkipSpaceBefore(',')) break;
            _at++;
            SkipSpace();
        }
        AtClose(close);
        return items;
    }

    private MappingSyntax? Mapping()
    {
        int open = _at++;
        SkipSpace();
        var entries = new List<(ConfigScalar, Syntax)>();
        while (!AtClose('}') || entries.Count > 0)
        {
            if (Key() is not { } key) return null;
            if (!SkipSpaceBefore(':'))
                return FailAs<MappingSyntax>(_at, "A : is missing after the key", "Write {key: value}; keys have no quotes.");
            _at++;
            SkipSpace();
            if (Element() is not { } value) return null;
            entries.Add((key, value));
            if (!SkipSpaceBefore(',')) break;
            _at++;
            SkipSpace();
        }
        if (!AtClose('}')) return FailAs<MappingSyntax>(open, "The mapping that begins here is not closed", "Add a }.");
        _at++;
        return new MappingSyntax(entries);
    }

    private ConfigScalar? Key()
    {
        int start = _at;
        var raw = new StringBuilder();
        bool escaped = false;
        while (!End && Current != ':' && !AtSpaceBefore(":,]}"))
        {
            if (!Unquoted(raw, ref escaped)) break;
        }
        if (_at == start) return FailAs<ConfigScalar>(_at, "A key is missing here", "Write {key: value}; keys have no quotes.");
        return escaped ? ConfigScalar.Of(raw.ToString()) : Primitives.Of(raw.ToString());
    }

    private Syntax? Primitive()
    {
        int start = _at;
        var parts = new List<Syntax>();
        var raw = new StringBuilder();
        bool escaped = false;
        while (!End && !AtSpaceBefore(",]}"))
        {
            if (AtInterpolation)
            {
                Flush(parts, raw);
                if (Interpolation() is not { } inner) return null;
                parts.Add(inner);
            }
            else if (Current == ':')
            {
                raw.Append(':');
                _at++;
            }
            else if (!Unquoted(raw, ref escaped))
            {
                break;
            }
        }
        if (_at == start)
            return Fail(_at, End ? "A value is missing at the end" : $"Unexpected {Shown(_at)}", "Write a value, or '' for an empty text.");
        if (parts.Count == 0)
        {
            string value = raw.ToString();
            if (string.IsNullOrWhiteSpace(value) && !escaped)
                return Fail(start, "A value is missing here", "Write a value, or '' for an empty text.");
            return new Literal(escaped ? ConfigScalar.Of(value) : Primitives.Of(value));
        }
        Flush(parts, raw);
        return parts.Count == 1 ? parts[0] : new Template(parts);
    }

    // One character, or one escape, of text without quotes. False where the character cannot stand there.
    private bool Unquoted(StringBuilder raw, ref bool escaped)
    {
        char c = Current;
        if (c == '\\' && _at + 1 < text.Length && @"\()[]{}:=, 	".Contains(text[_at + 1]))
        {
            escaped = true;
            raw.Append(text[_at + 1]);
            _at += 2;
            return true;
        }
        if (!char.IsAsciiLetterOrDigit(c) && !@"_/-\+.$%*@?| 	".Contains(c)) return false;
        raw.Append(c);
        _at++;
        return true;
    }

    private static void Flush(List<Syntax> parts, StringBuilder raw)
    {
        if (raw.Length > 0) parts.Add(new Literal(ConfigScalar.Of(raw.ToString())));
        raw.Clear();
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t') _at++;
    }

    // Space belongs to the delimiter that follows it, and to the text where none follows.
    private bool AtSpaceBefore(string delimiters)
    {
        if (delimiters.Contains(Current)) return true;
        if (Current is not (' ' or '\t') || _at < _textUntil) return false;
        int next = _at;
        while (next < text.Length && text[next] is ' ' or '\t') next++;
        if (next < text.Length && delimiters.Contains(text[next])) return true;
        // The rest of this run needs no second look, which keeps long runs of space linear.
        _textUntil = next;
        return false;
    }

    private bool SkipSpaceBefore(char delimiter)
    {
        int next = _at;
        while (next < text.Length && text[next] is ' ' or '\t') next++;
        if (next >= text.Length || text[next] != delimiter) return false;
        _at = next;
        return true;
    }

    private bool AtClose(char close) => SkipSpaceBefore(close);

    private string Shown(int at)
    {
        if (at >= text.Length) return "end";
        return char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? text.Substring(at, 2) : text[at].ToString();
    }

    private Syntax? Fail(int at, string what, string cure) => FailAs<Syntax>(at, what, cure);

    private T? FailAs<T>(int at, string what, string cure)
        where T : class
    {
        Error ??= new SyntaxError(at, what, cure);
        return null;
    }
}

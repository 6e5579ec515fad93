using System.Globalization;
using System.Text;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Scalars in quotes.</summary>
internal sealed partial class YamlScanner
{
    private void Quoted(char quote)
    {
        RememberKey();
        _keyAllowed = false;
        YamlPosition start = _at.Position;
        _at.Skip();
        var value = new StringBuilder();
        QuotedRun(quote, value);
        while (_at.Peek() != quote)
        {
            QuotedSpace(quote, start, value);
            QuotedRun(quote, value);
        }
        _at.Skip();
        Add(YamlTokenKind.Scalar, start, value.ToString());
    }

    // Up to white space or the closing quote.
    private void QuotedRun(char quote, StringBuilder value)
    {
        while (true)
        {
            char c = _at.Peek();
            if (YamlCursor.IsBlankOrEnd(c)) return;
            if (c == quote)
            {
                if (quote == '"' || _at.Peek(1) != '\'') return;
                value.Append('\'');
                _at.Skip(2);
            }
            else if (quote == '"' && c == '\\')
            {
                Escape(value);
            }
            else
            {
                value.Append(c);
                _at.Skip();
            }
        }
    }

    private void QuotedSpace(char quote, YamlPosition opening, StringBuilder value)
    {
        int start = _at.Index;
        while (_at.Peek() is ' ' or '\t') _at.Skip();
        if (_at.Peek() == '\0') throw YamlFaults.Unclosed(quote, opening);
        string blanks = _at.Slice(start);
        value.Append(_at.TakeBreak() is { } first ? Folded(first, QuotedBreaks()) : blanks);
    }

    private string QuotedBreaks()
    {
        var breaks = new StringBuilder();
        while (true)
        {
            if (_at.IsDocumentMark()) throw YamlFaults.DocumentMarkInQuotes(_at.Position);
            while (_at.Peek() is ' ' or '\t') _at.Skip();
            if (_at.TakeBreak() is not { } next) return breaks.ToString();
            breaks.Append(next);
        }
    }

    private void Escape(StringBuilder value)
    {
        YamlPosition start = _at.Position;
        _at.Skip();
        char c = _at.Peek();
        if (_at.TakeBreak() is not null)
        {
            // A backslash at the end of a line joins it with the next.
            value.Append(QuotedBreaks());
            return;
        }
        _at.Skip();
        if (Escaped(c) is { } meant) value.Append(meant);
        else if (c is 'x' or 'u' or 'U') Code(c switch { 'x' => 2, 'u' => 4, _ => 8 }, value);
        else throw YamlFaults.BadEscape(c, start);
    }

    private static char? Escaped(char c) => c switch
    {
        '0' => '\0',
        'a' => '\a',
        'b' => '\b',
        't' or '\t' => '\t',
        'n' => '\n',
        'v' => '\v',
        'f' => '\f',
        'r' => '\r',
        'e' => '\x1B',
        ' ' or '"' or '\\' or '/' => c,
        'N' => '\x85',
        '_' => '\xA0',
        'L' => '\u2028',
        'P' => '\u2029',
        _ => null,
    };

    private void Code(int digits, StringBuilder value)
    {
        YamlPosition start = _at.Position;
        int begin = _at.Index;
        for (int i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(_at.Peek())) throw YamlFaults.BadCode(digits, start);
            _at.Skip();
        }
        uint code = uint.Parse(_at.Slice(begin), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (code <= char.MaxValue) value.Append((char)code);
        else if (Rune.IsValid(code)) value.Append(new Rune(code).ToString());
        else throw YamlFaults.BadCode(digits, start);
    }
}

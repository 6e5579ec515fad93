using System.Text;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Plain scalars: text without quotes.</summary>
internal sealed partial class YamlScanner
{
    private bool CanStartPlain(char c)
    {
        if (YamlCursor.IsBlankOrEnd(c)) return false;
        if (!"-?:,[]{}#&*!|>'\"%@`".Contains(c)) return true;
        return !YamlCursor.IsBlankOrEnd(_at.Peek(1)) && (c == '-' || (_flow == 0 && c is '?' or ':'));
    }

    private void Plain()
    {
        RememberKey();
        _keyAllowed = false;
        YamlPosition start = _at.Position, end = start;
        int indent = _indent + 1;
        StringBuilder? joined = null;
        string value = "";
        while (_at.Peek() != '#' && PlainRun() is { Length: > 0 } run)
        {
            _keyAllowed = false;
            joined?.Append(run);
            if (joined is null) value = run;
            end = _at.Position;
            string between = PlainSpace();
            if (between.Length == 0 || _at.Peek() == '#' || (_flow == 0 && _at.Column < indent)) break;
            if (IsPlainEnd()) break;
            (joined ??= new StringBuilder(value)).Append(between);
        }
        _tokens.Add(new YamlToken(YamlTokenKind.Scalar, start, end, joined?.ToString() ?? value, IsPlain: true));
    }

    private string PlainRun()
    {
        int start = _at.Index;
        while (!IsPlainEnd()) _at.Skip();
        return _at.Slice(start);
    }

    private bool IsPlainEnd()
    {
        char c = _at.Peek();
        if (YamlCursor.IsBlankOrEnd(c)) return true;
        if (_flow != 0 && c is ',' or '?' or '[' or ']' or '{' or '}') return true;
        if (c != ':') return false;
        char next = _at.Peek(1);
        return YamlCursor.IsBlankOrEnd(next) || (_flow != 0 && next is ',' or '[' or ']' or '{' or '}');
    }

    // What stands between two runs: spaces as they are, a line break as a space, more of them as one less. Empty where the scalar ends.
    private string PlainSpace()
    {
        int start = _at.Index;
        _at.SkipSpaces();
        if (_at.TakeBreak() is not { } first) return _at.Slice(start);
        _keyAllowed = true;
        if (_at.IsDocumentMark()) return "";
        var breaks = new StringBuilder();
        while (true)
        {
            _at.SkipSpaces();
            if (_at.TakeBreak() is not { } next) break;
            breaks.Append(next);
            if (_at.IsDocumentMark()) return "";
        }
        return Folded(first, breaks.ToString());
    }

    private static string Folded(char first, string more)
    {
        if (first != '\n') return first + more;
        return more.Length == 0 ? " " : more;
    }
}

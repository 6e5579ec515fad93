using System.Text;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Text blocks: <c>|</c> keeps line breaks, <c>&gt;</c> folds them.</summary>
internal sealed partial class YamlScanner
{
    private enum Chomping
    {
        Clip,
        Strip,
        Keep,
    }

    private void Block(char style)
    {
        ForgetKey();
        _keyAllowed = true;
        YamlPosition start = _at.Position;
        _at.Skip();
        (Chomping chomping, int? increment) = BlockHeader();
        int least = Math.Max(1, _indent + 1);
        string breaks;
        int indent;
        if (increment is { } more)
        {
            indent = least + more - 1;
            breaks = BlockBreaks(indent);
        }
        else
        {
            breaks = BlockIndentation(out int widest);
            indent = Math.Max(least, widest);
        }
        Add(YamlTokenKind.Scalar, start, BlockText(style == '>', chomping, indent, breaks));
    }

    private string BlockText(bool isFolded, Chomping chomping, int indent, string breaks)
    {
        var value = new StringBuilder();
        char? lineBreak = null;
        while (_at.Column == indent && _at.Peek() != '\0')
        {
            value.Append(breaks);
            bool isIndented = _at.Peek() is ' ' or '\t';
            int begin = _at.Index;
            _at.SkipToBreak();
            value.Append(_at.Slice(begin));
            lineBreak = _at.TakeBreak();
            breaks = BlockBreaks(indent);
            if (_at.Column != indent || _at.Peek() == '\0') break;
            // A break between two lines that are not further indented becomes a space.
            if (!isFolded || lineBreak != '\n' || isIndented || _at.Peek() is ' ' or '\t') value.Append(lineBreak);
            else if (breaks.Length == 0) value.Append(' ');
        }
        if (chomping != Chomping.Strip) value.Append(lineBreak);
        if (chomping == Chomping.Keep) value.Append(breaks);
        return value.ToString();
    }

    private (Chomping Chomping, int? Increment) BlockHeader()
    {
        Chomping? chomping = TakeChomping();
        int? increment = null;
        if (char.IsAsciiDigit(_at.Peek()))
        {
            increment = _at.Peek() - '0';
            if (increment == 0) throw YamlFaults.BlockHeader(_at.Position);
            _at.Skip();
        }
        chomping ??= TakeChomping();
        if (_at.Peek() != ' ' && !YamlCursor.IsBreakOrEnd(_at.Peek())) throw YamlFaults.BlockHeader(_at.Position);
        RestOfLine(YamlFaults.BlockHeader);
        return (chomping ?? Chomping.Clip, increment);
    }

    private Chomping? TakeChomping()
    {
        Chomping? chomping = _at.Peek() switch { '+' => Chomping.Keep, '-' => Chomping.Strip, _ => null };
        if (chomping is not null) _at.Skip();
        return chomping;
    }

    // Spaces and a comment, up to the next line.
    private void RestOfLine(Func<YamlPosition, YamlSyntaxException> fault)
    {
        _at.SkipSpaces();
        if (_at.Peek() == '#') _at.SkipToBreak();
        if (!YamlCursor.IsBreakOrEnd(_at.Peek())) throw fault(_at.Position);
        _at.TakeBreak();
    }

    private string BlockIndentation(out int widest)
    {
        var breaks = new StringBuilder();
        widest = 0;
        while (true)
        {
            if (_at.Peek() == ' ')
            {
                _at.Skip();
                widest = Math.Max(widest, _at.Column);
            }
            else if (_at.TakeBreak() is { } next)
            {
                breaks.Append(next);
            }
            else
            {
                return breaks.ToString();
            }
        }
    }

    private string BlockBreaks(int indent)
    {
        var breaks = new StringBuilder();
        while (true)
        {
            while (_at.Column < indent && _at.Peek() == ' ') _at.Skip();
            if (_at.TakeBreak() is not { } next) return breaks.ToString();
            breaks.Append(next);
        }
    }
}

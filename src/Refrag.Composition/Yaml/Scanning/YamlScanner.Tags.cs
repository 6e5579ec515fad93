using System.Text;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Anchors, aliases, tags and directives.</summary>
internal sealed partial class YamlScanner
{
    private void Name(char mark)
    {
        RememberKey();
        _keyAllowed = false;
        YamlPosition start = _at.Position;
        _at.Skip();
        int begin = _at.Index;
        while (YamlCursor.IsWord(_at.Peek())) _at.Skip();
        string name = _at.Slice(begin);
        char next = _at.Peek();
        if (name.Length == 0 || !(YamlCursor.IsBlankOrEnd(next) || "?:,]}%@`".Contains(next))) throw YamlFaults.BadName(mark, start);
        Add(mark == '*' ? YamlTokenKind.Alias : YamlTokenKind.Anchor, start, name);
    }

    private void Tag()
    {
        RememberKey();
        _keyAllowed = false;
        YamlPosition start = _at.Position;
        (string? handle, string suffix) = ("!", "");
        if (_at.Peek(1) == '<')
        {
            _at.Skip(2);
            (handle, suffix) = (null, TagAddress(start));
            if (_at.Peek() != '>') throw YamlFaults.BadTag(start);
            _at.Skip();
        }
        else if (YamlCursor.IsBlankOrEnd(_at.Peek(1)))
        {
            (handle, suffix) = (null, "!");
            _at.Skip();
        }
        else
        {
            if (HasHandle()) handle = TagHandle(start, YamlFaults.BadTag);
            else _at.Skip();
            suffix = TagAddress(start);
        }
        if (_at.Peek() != ' ' && !YamlCursor.IsBreakOrEnd(_at.Peek())) throw YamlFaults.BadTag(start);
        Add(YamlTokenKind.Tag, start, handle, suffix);
    }

    private bool HasHandle()
    {
        for (int i = 1; ; i++)
        {
            char c = _at.Peek(i);
            if (c == '!') return true;
            if (c == ' ' || YamlCursor.IsBreakOrEnd(c)) return false;
        }
    }

    private string TagHandle(YamlPosition start, Func<YamlPosition, YamlSyntaxException> fault)
    {
        int begin = _at.Index;
        if (_at.Peek() != '!') throw fault(start);
        _at.Skip();
        if (_at.Peek() == ' ') return _at.Slice(begin);
        while (YamlCursor.IsWord(_at.Peek())) _at.Skip();
        if (_at.Peek() != '!') throw fault(start);
        _at.Skip();
        return _at.Slice(begin);
    }

    private string TagAddress(YamlPosition start, Func<YamlPosition, YamlSyntaxException>? fault = null)
    {
        var address = new StringBuilder();
        while (true)
        {
            char c = _at.Peek();
            if (c == '%') address.Append(TagBytes(start));
            else if (char.IsAsciiLetterOrDigit(c) || "-;/?:@&=+$,_.!~*'()[]".Contains(c)) address.Append(c);
            else break;
            if (c != '%') _at.Skip();
        }
        return address.Length > 0 ? address.ToString() : throw (fault ?? YamlFaults.BadTag)(start);
    }

    private string TagBytes(YamlPosition start)
    {
        var bytes = new List<byte>();
        while (_at.Peek() == '%')
        {
            if (!char.IsAsciiHexDigit(_at.Peek(1)) || !char.IsAsciiHexDigit(_at.Peek(2))) throw YamlFaults.BadTag(start);
            bytes.AddRange(Convert.FromHexString([_at.Peek(1), _at.Peek(2)]));
            _at.Skip(3);
        }
        string decoded = Encoding.UTF8.GetString([.. bytes]);
        return decoded.Contains('\uFFFD') ? throw YamlFaults.BadTag(start) : decoded;
    }

    private void Directive()
    {
        CloseBlocks(-1);
        ForgetKey();
        _keyAllowed = false;
        YamlPosition start = _at.Position;
        _at.Skip();
        int begin = _at.Index;
        while (YamlCursor.IsWord(_at.Peek())) _at.Skip();
        string name = _at.Slice(begin);
        if (name.Length == 0 || !IsSpaceOrEnd()) throw YamlFaults.BadDirective(start);
        if (name == "YAML") Add(YamlTokenKind.VersionDirective, start, Version(start));
        else if (name == "TAG") TagDirective(start);
        else
        {
            _at.SkipToBreak();
            Add(YamlTokenKind.OtherDirective, start);
        }
        RestOfLine(YamlFaults.BadDirective);
    }

    private string Version(YamlPosition start)
    {
        _at.SkipSpaces();
        int begin = _at.Index;
        int digits = Digits();
        bool point = _at.Peek() == '.';
        if (point) _at.Skip();
        if (digits == 0 || !point || Digits() == 0 || !IsSpaceOrEnd()) throw YamlFaults.BadDirective(start);
        return _at.Slice(begin);
    }

    private int Digits()
    {
        int begin = _at.Index;
        while (char.IsAsciiDigit(_at.Peek())) _at.Skip();
        return _at.Index - begin;
    }

    private void TagDirective(YamlPosition start)
    {
        _at.SkipSpaces();
        string handle = TagHandle(start, YamlFaults.BadDirective);
        if (_at.Peek() != ' ') throw YamlFaults.BadDirective(start);
        _at.SkipSpaces();
        string prefix = TagAddress(start, YamlFaults.BadDirective);
        if (!IsSpaceOrEnd()) throw YamlFaults.BadDirective(start);
        Add(YamlTokenKind.TagDirective, start, handle, prefix);
    }

    private bool IsSpaceOrEnd() => _at.Peek() == ' ' || YamlCursor.IsBreakOrEnd(_at.Peek());
}

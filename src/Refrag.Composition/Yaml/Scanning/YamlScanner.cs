namespace Refrag.Composition.Yaml.Scanning;

/// <summary>
/// Cuts a document into tokens as YAML 1.1 does in PyYAML, which Hydra reads with: later readers take some texts otherwise (tabs,
/// <c>{a:1}</c>,
/// <c>?</c> and brackets in plain text). One use each.
/// </summary>
/// <remarks>
/// What makes YAML hard is that <c>key</c> is known to be one only at the colon behind it. So the scanner remembers where a key may have
/// begun, at most one for each level of brackets, and puts the token in front of it when the colon comes. A key is in one line and at most
/// 1,024 characters long.
/// </remarks>
internal sealed partial class YamlScanner(string text)
{
    private const int LongestKey = 1024;

    private readonly YamlCursor _at = new(text);
    private readonly List<YamlToken> _tokens = [];
    private readonly List<PossibleKey> _keys = [];
    private readonly Stack<int> _indents = new();
    private int _head;
    private int _taken;
    private int _indent = -1;
    private int _flow;
    private bool _keyAllowed = true;
    private bool _done;

    private readonly record struct PossibleKey(int Flow, int Token, bool IsRequired, YamlPosition At);

    /// <summary>The next token.</summary>
    public YamlToken Peek()
    {
        while (NeedsMore()) Fetch();
        return _tokens[_head];
    }

    /// <summary>Takes the next token.</summary>
    public YamlToken Next()
    {
        YamlToken token = Peek();
        if (token.Kind == YamlTokenKind.StreamEnd) return token;
        _taken++;
        if (++_head == _tokens.Count)
        {
            _tokens.Clear();
            _head = 0;
        }
        return token;
    }

    private bool NeedsMore()
    {
        if (_done) return false;
        if (_tokens.Count == _head) return true;
        ForgetOldKeys();
        return _keys.Count > 0 && _keys[0].Token == _taken;
    }

    private void Fetch()
    {
        SkipToToken();
        ForgetOldKeys();
        CloseBlocks(_at.Column);
        char c = _at.Peek();
        if (c == '\0') End();
        else if (_at.Column == 0 && c == '%') Directive();
        else if (_at.Column == 0 && _at.IsDocumentMark()) DocumentMark(c == '-' ? YamlTokenKind.DocumentStart : YamlTokenKind.DocumentEnd);
        else if (!TryIndicator(c)) FetchNode(c);
    }

    private void FetchNode(char c)
    {
        if (c is '*' or '&') Name(c);
        else if (c == '!') Tag();
        else if (c is '|' or '>' && _flow == 0) Block(c);
        else if (c is '\'' or '"') Quoted(c);
        else if (CanStartPlain(c)) Plain();
        else throw YamlFaults.CannotStart(c, _flow != 0, _at.Position);
    }

    private bool TryIndicator(char c)
    {
        bool alone = YamlCursor.IsBlankOrEnd(_at.Peek(1));
        switch (c)
        {
            case '[': OpenFlow(YamlTokenKind.FlowSequenceStart); return true;
            case '{': OpenFlow(YamlTokenKind.FlowMappingStart); return true;
            case ']': CloseFlow(YamlTokenKind.FlowSequenceEnd); return true;
            case '}': CloseFlow(YamlTokenKind.FlowMappingEnd); return true;
            case ',': Indicator(YamlTokenKind.FlowEntry, keyAllowed: true); return true;
            case '-' when alone: BlockEntry(); return true;
            case '?' when alone || _flow != 0: Key(); return true;
            case ':' when alone || _flow != 0: Value(); return true;
            default: return false;
        }
    }

    private void SkipToToken()
    {
        while (true)
        {
            _at.SkipSpaces();
            if (_at.Peek() == '#') _at.SkipToBreak();
            if (_at.TakeBreak() is null) return;
            if (_flow == 0) _keyAllowed = true;
        }
    }

    private void End()
    {
        CloseBlocks(-1);
        ForgetKey();
        _keys.Clear();
        _keyAllowed = false;
        Add(YamlTokenKind.StreamEnd, _at.Position);
        _done = true;
    }

    private void DocumentMark(YamlTokenKind kind)
    {
        CloseBlocks(-1);
        Indicator(kind, keyAllowed: false, length: 3);
    }

    private void OpenFlow(YamlTokenKind kind)
    {
        RememberKey();
        _flow++;
        _keyAllowed = true;
        Take(kind);
    }

    private void CloseFlow(YamlTokenKind kind)
    {
        ForgetKey();
        _flow--;
        _keyAllowed = false;
        Take(kind);
    }

    private void BlockEntry()
    {
        if (_flow == 0)
        {
            if (!_keyAllowed) throw YamlFaults.NoItemHere(_at.Position);
            if (OpenBlock(_at.Column)) Add(YamlTokenKind.BlockSequenceStart, _at.Position);
        }
        Indicator(YamlTokenKind.BlockEntry, keyAllowed: true);
    }

    private void Key()
    {
        if (_flow == 0)
        {
            if (!_keyAllowed) throw YamlFaults.NoKeyHere(_at.Position);
            if (OpenBlock(_at.Column)) Add(YamlTokenKind.BlockMappingStart, _at.Position);
        }
        Indicator(YamlTokenKind.Key, keyAllowed: _flow == 0);
    }

    private void Value()
    {
        if (_keys.Count > 0 && _keys[^1].Flow == _flow)
        {
            PossibleKey key = _keys[^1];
            _keys.RemoveAt(_keys.Count - 1);
            int place = _head + key.Token - _taken;
            _tokens.Insert(place, new YamlToken(YamlTokenKind.Key, key.At, key.At));
            if (_flow == 0 && OpenBlock(key.At.Column))
                _tokens.Insert(place, new YamlToken(YamlTokenKind.BlockMappingStart, key.At, key.At));
            _keyAllowed = false;
            Take(YamlTokenKind.Value);
            return;
        }
        if (_flow == 0)
        {
            if (!_keyAllowed) throw YamlFaults.NoValueHere(_at.Position);
            if (OpenBlock(_at.Column)) Add(YamlTokenKind.BlockMappingStart, _at.Position);
        }
        Indicator(YamlTokenKind.Value, keyAllowed: _flow == 0);
    }

    private void Indicator(YamlTokenKind kind, bool keyAllowed, int length = 1)
    {
        ForgetKey();
        _keyAllowed = keyAllowed;
        Take(kind, length);
    }

    private void Take(YamlTokenKind kind, int length = 1)
    {
        YamlPosition start = _at.Position;
        _at.Skip(length);
        Add(kind, start);
    }

    private void Add(YamlTokenKind kind, YamlPosition start, string? value = null, string? suffix = null, bool isPlain = false) =>
        _tokens.Add(new YamlToken(kind, start, _at.Position, value, suffix, isPlain));
}

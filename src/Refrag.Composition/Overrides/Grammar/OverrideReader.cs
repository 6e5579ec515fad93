namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Reads one text by one dialect.</summary>
internal sealed class OverrideReader(string text, OverrideOptions options)
{
    private readonly KeyLexer _lexer = new(text, options.Dialect);
    private Token _current;
    private Problem? _problem;

    public Result<Override> Override()
    {
        _current = _lexer.Next();
        OverrideKind kind = Sign();
        int keyStart = _current.Start;
        if (ReadKey(KeyRule.Key, out TextSpan keySpan, out TextSpan? packageSpan) is not { } key) return _problem!;
        var read = new Override
        {
            Kind = kind,
            Key = key.Path,
            Package = key.Package,
            IsValuePath = key.IsValuePath,
            Text = text,
            KeySpan = keySpan,
            PackageSpan = packageSpan,
            Extensions = _lexer.Extensions,
        };
        if (_current.Kind == TokenKind.Equal) return WithValue(read, _current);
        if (kind == OverrideKind.Delete && _current.Kind == TokenKind.End) return read;
        return AfterKey(new TextSpan(keyStart, _current.Start - keyStart));
    }

    public Result<OverrideValue> Value(ValueRule rule)
    {
        var parser = new ValueParser(text, 0, options);
        return parser.Parse(rule, toEnd: false) is { } value ? value : parser.Problem!;
    }

    public Result<OverrideKey> Key(KeyRule rule)
    {
        _current = _lexer.Next();
        return ReadKey(rule, out _, out _) is { } key ? key : _problem!;
    }

    private OverrideKind Sign()
    {
        TokenKind first = _current.Kind;
        if (first is not (TokenKind.Plus or TokenKind.Tilde)) return OverrideKind.Change;
        _current = _lexer.Next();
        if (first == TokenKind.Tilde) return OverrideKind.Delete;
        if (_current.Kind != TokenKind.Plus) return OverrideKind.Add;
        _current = _lexer.Next();
        return OverrideKind.ForceAdd;
    }

    private Result<Override> WithValue(Override read, Token equal)
    {
        // A value that is not there is the empty string.
        if (equal.End == text.Length) return read with { Value = new TextValue(""), ValueSpan = new TextSpan(text.Length, 0) };
        var parser = new ValueParser(text, equal.End, options);
        if (parser.Parse(ValueRule.Value, toEnd: true) is not { } value) return parser.Problem!;
        read = read with
        {
            Value = value,
            ValueSpan = new TextSpan(equal.End, text.Length - equal.End),
            Extensions = read.Extensions | parser.Extensions,
        };
        if (value is not ListExtension) return read;
        return read.Kind == OverrideKind.Change
            ? read with { Kind = OverrideKind.ExtendList }
            : OverrideProblems.ExtendWithSign(text, read.KeySpan, text[..read.KeySpan.Start]);
    }

    private OverrideKey? ReadKey(KeyRule rule, out TextSpan path, out TextSpan? package)
    {
        int start = _current.Start;
        package = null;
        bool isValuePath = _current.Kind == TokenKind.ValuePath && rule == KeyRule.Key;
        if (isValuePath) _current = _lexer.Next();
        else if (!ReadPath(groups: rule != KeyRule.Package))
        {
            path = default;
            return null;
        }
        path = new TextSpan(start, _current.Start - start);
        string key = text[path.Start..path.End];
        if (rule != KeyRule.Key || isValuePath || _current.Kind != TokenKind.At)
            return new OverrideKey(key, Package: null) { IsValuePath = isValuePath };
        _current = _lexer.Next();
        start = _current.Start;
        ReadPath(groups: false);
        package = new TextSpan(start, _current.Start - start);
        return new OverrideKey(key, text[package.Value.Start..package.Value.End]);
    }

    // Nothing, a name, a path with dots; or names with slashes between.
    private bool ReadPath(bool groups)
    {
        if (_current.Kind is not (TokenKind.Identifier or TokenKind.SpecialIdentifier or TokenKind.DotPath)) return true;
        bool slashes = groups && _current.Kind == TokenKind.Identifier;
        _current = _lexer.Next();
        while (slashes && _current.Kind == TokenKind.Slash)
        {
            _current = _lexer.Next();
            if (_current.Kind != TokenKind.Identifier) return Fail();
            _current = _lexer.Next();
        }
        return true;
    }

    private bool Fail()
    {
        _problem = _current.Kind == TokenKind.Invalid
            ? OverrideProblems.Unexpected(text, _current, open: null)
            : OverrideProblems.BadKey(text, _current.Span);
        return false;
    }

    private Problem AfterKey(TextSpan key) => _current.Kind switch
    {
        TokenKind.End or TokenKind.Invalid when _current.Fault != TokenFault.ControlCharacter =>
            OverrideProblems.NoEquals(text, key, _current.Span),
        TokenKind.Invalid => OverrideProblems.Unexpected(text, _current, open: null),
        _ => OverrideProblems.BadKey(text, _current.Span),
    };
}

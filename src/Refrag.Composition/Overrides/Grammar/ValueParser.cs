namespace Refrag.Composition.Overrides.Grammar;

/// <summary>
/// Reads a value by recursive descent with one token of look-ahead, so in time linear in the text. A method gives null after it has put
/// down what is wrong in <see cref="Problem"/>; nothing is read after that.
/// </summary>
internal sealed class ValueParser
{
    // Deeper than anyone writes, shallow enough for any stack.
    public const int MostNesting = 256;

    private readonly string _text;
    private readonly bool _extended;
    private readonly ValueLexer _lexer;
    private readonly Functions.FunctionEvaluator _functions;
    private readonly List<Token> _run = [];
    private readonly Stack<Token> _open = new();
    private Token _current;
    private Token _next;
    private bool _hasNext;
    private bool _predicting;

    public ValueParser(string text, int start, OverrideOptions options)
    {
        _text = text;
        _extended = options.Dialect == OverrideDialect.Extended;
        _lexer = new ValueLexer(text, start, options.Dialect);
        _functions = new Functions.FunctionEvaluator(text, options);
        _current = _lexer.Next();
    }

    public Problem? Problem { get; private set; }

    /// <summary>What was used beyond the reference.</summary>
    public OverrideExtensions Extensions => _lexer.Extensions | _functions.Extensions | _ownExtensions;

    private OverrideExtensions _ownExtensions;

    public bool IsAtEnd => _current.Kind == TokenKind.End;

    /// <summary>Reads by one rule. By default it does not look at what follows.</summary>
    public OverrideValue? Parse(ValueRule rule, bool toEnd)
    {
        OverrideValue? value = rule switch
        {
            ValueRule.Value => Value(),
            ValueRule.Element => Element(),
            ValueRule.Primitive => Primitive(),
            ValueRule.List => _current.Kind == TokenKind.BracketOpen ? List() : Unexpected(),
            ValueRule.Dictionary => _current.Kind == TokenKind.BraceOpen ? Dictionary() : Unexpected(),
            ValueRule.Function => _current.Kind == TokenKind.Identifier && Peek().Kind == TokenKind.ParenOpen ? Function() : Unexpected(),
            _ => Sweep(Element(), atLeastTwo: true),
        };
        return value is not null && toEnd && !IsAtEnd ? Unexpected() : value;
    }

    private OverrideValue? Value()
    {
        _predicting = true;
        OverrideValue? first = Element();
        _predicting = false;
        return Sweep(first, atLeastTwo: false);
    }

    private OverrideValue? Sweep(OverrideValue? first, bool atLeastTwo)
    {
        if (first is null || (_current.Kind != TokenKind.Comma && !atLeastTwo)) return first;
        if (_current.Kind != TokenKind.Comma) return Unexpected();
        List<OverrideValue> items = [first];
        while (_current.Kind == TokenKind.Comma)
        {
            Advance();
            if (Element() is not { } item) return null;
            items.Add(item);
        }
        return new ChoiceSweep(items, IsSimple: true);
    }

    private OverrideValue? Element() => _current.Kind switch
    {
        TokenKind.BracketOpen => List(),
        TokenKind.BraceOpen => Dictionary(),
        TokenKind.Identifier when Peek().Kind == TokenKind.ParenOpen => Function(),
        _ => Primitive(),
    };

    private ListValue? List()
    {
        if (!Open()) return null;
        List<OverrideValue> items = [];
        if (_current.Kind != TokenKind.BracketClose)
        {
            do
            {
                if (Element() is not { } item) return null;
                items.Add(item);
            }
            while (Comma());
        }
        return Close(TokenKind.BracketClose) ? new ListValue(items) : null;
    }

    private DictionaryValue? Dictionary()
    {
        if (!Open()) return null;
        var entries = new DictionaryBuilder();
        if (_current.Kind != TokenKind.BraceClose)
        {
            do
            {
                if (DictionaryKey() is not { } key || !Colon() || Element() is not { } value) return null;
                entries.Add(key, value);
            }
            while (Comma());
        }
        return Close(TokenKind.BraceClose) ? entries.Build() : null;
    }

    private OverrideValue? DictionaryKey()
    {
        _run.Clear();
        while (_current.Kind is TokenKind.Identifier or TokenKind.Null or TokenKind.Integer or TokenKind.Float or TokenKind.Boolean
            or TokenKind.Character or TokenKind.Escape or TokenKind.Space)
            TakeIntoRun();
        if (_run.Count > 0) return FromRun();
        return _current.Kind == TokenKind.Quoted ? Fail(OverrideProblems.QuotedDictionaryKey(_text, _current.Span)) : Unexpected();
    }

    private bool Colon()
    {
        if (_current.Kind == TokenKind.Colon)
        {
            Advance();
            return true;
        }
        if (_current.Kind is TokenKind.Comma or TokenKind.BraceClose or TokenKind.Equal)
            Fail(OverrideProblems.NoColon(_text, _current.Span));
        else Unexpected();
        return false;
    }

    private OverrideValue? Function()
    {
        Token name = _current;
        Advance();
        if (!Open()) return null;
        List<Functions.Argument> arguments = [];
        if (_current.Kind != TokenKind.ParenClose)
        {
            do
            {
                if (Argument(arguments) is not { } argument) return null;
                arguments.Add(argument);
            }
            while (Comma());
        }
        int end = _current.End;
        if (!Close(TokenKind.ParenClose)) return null;
        var call = new Functions.FunctionCall(name.In(_text).ToString(), name.Span, new TextSpan(name.Start, end - name.Start), arguments);
        return _functions.Evaluate(call, out Problem? problem) is { } value ? value : Fail(problem!);
    }

    private Functions.Argument? Argument(List<Functions.Argument> earlier)
    {
        Token start = _current;
        string? name = null;
        if (_current.Kind == TokenKind.Identifier && Peek().Kind == TokenKind.Equal)
        {
            name = _current.In(_text).ToString();
            Advance();
            Advance();
        }
        else if (earlier.Count > 0 && earlier[^1].Name is { } before)
        {
            Fail(OverrideProblems.PositionalAfterNamed(_text, start.Span, before));
            return null;
        }
        if (Element() is not { } value) return null;
        return new Functions.Argument(name, value, new TextSpan(start.Start, Math.Max(1, _current.Start - start.Start)));
    }

    private OverrideValue? Primitive()
    {
        if (_current.Kind == TokenKind.Quoted) return Quoted();
        _run.Clear();
        while (IsPrimitive(_current.Kind)) TakeIntoRun();
        return _run.Count > 0 ? FromRun() : Unexpected();
    }

    private OverrideValue? Quoted()
    {
        OverrideValue? value = Scalars.Single(_text, _current);
        Advance();
        if (!_extended || _current.Kind != TokenKind.Space) return value;
        _ownExtensions |= OverrideExtensions.SpaceAfterQuote;
        Advance();
        return value;
    }

    private bool IsPrimitive(TokenKind kind) => kind switch
    {
        TokenKind.Identifier or TokenKind.Null or TokenKind.Integer or TokenKind.Float or TokenKind.Boolean or TokenKind.Interpolation
            or TokenKind.Character or TokenKind.Colon or TokenKind.Escape or TokenKind.Space => true,
        TokenKind.Equal => _extended,
        _ => false,
    };

    private void TakeIntoRun()
    {
        if (_current.Kind == TokenKind.Equal) _ownExtensions |= OverrideExtensions.LaterEquals;
        _run.Add(_current);
        Advance();
    }

    // White space around a string is not part of it.
    private OverrideValue? FromRun()
    {
        int first = _run[0].Kind == TokenKind.Space ? 1 : 0;
        int last = _run.Count > first && _run[^1].Kind == TokenKind.Space ? _run.Count - 1 : _run.Count;
        if (last <= first) return Fail(OverrideProblems.OnlySpace(_text, _run[0].Span));
        if (last - first > 1) return Scalars.Join(_text, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_run)[first..last]);
        return Scalars.Single(_text, _run[first]) ?? Fail(OverrideProblems.TooManyDigits(_text, _run[first].Span, Scalars.MostDigits));
    }

    private bool Open()
    {
        if (_open.Count == MostNesting)
        {
            Fail(OverrideProblems.TooDeep(_text, _current.Span, MostNesting));
            return false;
        }
        _open.Push(_current);
        Advance();
        return true;
    }

    private bool Close(TokenKind kind)
    {
        if (_current.Kind != kind)
        {
            Unexpected();
            return false;
        }
        _open.Pop();
        Advance();
        return true;
    }

    private bool Comma()
    {
        if (_current.Kind != TokenKind.Comma) return false;
        Advance();
        return true;
    }

    private Token Peek()
    {
        if (!_hasNext) (_next, _hasNext) = (_lexer.Next(), true);
        return _next;
    }

    private void Advance()
    {
        _current = _hasNext ? _next : _lexer.Next();
        _hasNext = false;
    }

    private OverrideValue? Unexpected()
    {
        Token token = _extended ? _current : AsTheReferenceSeesIt();
        return Fail(OverrideProblems.Unexpected(_text, token, _open.TryPeek(out Token open) ? open : null));
    }

    // The reference looks one token past the one that does not fit, and to the end where it is still choosing a rule. A text that is no
    // token there is what it complains about.
    private Token AsTheReferenceSeesIt()
    {
        if (_current.Kind is TokenKind.Invalid or TokenKind.End) return _current;
        Token next = Peek();
        Token later = next;
        while (_predicting && later.Kind is not (TokenKind.Invalid or TokenKind.End)) later = _lexer.Next();
        return later.Kind == TokenKind.Invalid ? later : _current;
    }

    private OverrideValue? Fail(Problem problem)
    {
        Problem ??= problem;
        return null;
    }
}

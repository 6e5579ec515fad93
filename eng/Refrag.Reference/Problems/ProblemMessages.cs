using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Refrag.SourceAnalysis;

namespace Refrag.Reference.Problems;

/// <summary>
/// Finds what each problem code says. It starts from every place in the sources that names a code, and follows the code to the problem that
/// is made of it: through conditions, helper methods and their callers.
/// </summary>
public sealed partial class ProblemMessages
{
    // Helpers that call helpers, and callers of callers.
    private const int Deepest = 5;

    private readonly SourceCode _code;
    private readonly TextTemplates _texts;
    private readonly Lazy<ILookup<string, InvocationExpressionSyntax>> _calls;
    private readonly List<ProblemMessage> _found = [];

    private ProblemMessages(SourceCode code)
    {
        _code = code;
        _texts = new TextTemplates(code);
        _calls = new Lazy<ILookup<string, InvocationExpressionSyntax>>(() => Trees(code)
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            .ToLookup(CalledName, StringComparer.Ordinal));
    }

    /// <summary>Lists the messages by code, each once.</summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<ProblemMessage> Find(SourceCode code)
    {
        var search = new ProblemMessages(code);
        foreach (SyntaxTree tree in Trees(code)) search.Read(tree.GetRoot());
        return [.. search._found.OrderBy(message => message.Code, StringComparer.Ordinal).DistinctBy(Shown)];
    }

    /// <summary>Lists every code that the sources name in a text.</summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<string> Codes(SourceCode code) =>
        [.. code.Files.Keys.SelectMany(tree => tree.GetRoot().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken))
            .SelectMany(token => AnyCode().Matches(token.ValueText).Select(match => match.Value))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // In one order, so that the same sources give the same list.
    private static IEnumerable<SyntaxTree> Trees(SourceCode code) =>
        code.Files.OrderBy(file => file.Value.Path, StringComparer.Ordinal).Select(file => file.Key);

    private static string Shown(ProblemMessage message)
    {
        string[] all = [message.Code, message.Project, message.Folder, .. message.What, "", .. message.Causes, "", .. message.Cures];
        return string.Join('\n', all);
    }

    private void Read(SyntaxNode root)
    {
        foreach (ExpressionSyntax text in root.DescendantNodes().OfType<ExpressionSyntax>())
        {
            switch (text)
            {
                case LiteralExpressionSyntax literal when CodeAlone().IsMatch(literal.Token.ValueText):
                    Follow(literal.Token.ValueText, literal, literal, Bindings.None, 0);
                    break;
                case LiteralExpressionSyntax or InterpolatedStringExpressionSyntax when CodeAndWords().IsMatch(text.ToString()):
                    ExpressionSyntax whole = text;
                    while (whole.Parent is BinaryExpressionSyntax sum && sum.IsKind(SyntaxKind.AddExpression)) whole = sum;
                    ReadSentence(whole);
                    break;
            }
        }
    }

    // Reasons that the engine stores are one text: code, sentence, cure.
    private void ReadSentence(ExpressionSyntax text)
    {
        foreach (string said in _texts.Read(new Bound(text, Bindings.None)))
        {
            Match match = CodeAndWords().Match(said);
            string sentences = said[match.Groups["words"].Index..];
            // The first sentence ends at a full stop with a space and a capital, which a file's name lacks; or after a sentence in a value.
            Match end = SentenceEnd().Match(sentences);
            string what = end.Success ? sentences[..end.Index] : sentences.TrimEnd('.');
            Add(match.Groups["code"].Value, text, [what], [], end.Success ? [sentences[(end.Index + end.Length)..].Trim()] : []);
        }
    }

    // From where the code stands, upwards to what takes it.
    private void Follow(string code, SyntaxNode from, SyntaxNode origin, Bindings bindings, int depth)
    {
        if (depth > Deepest) return;
        SyntaxNode node = from;
        while (true)
        {
            SyntaxNode? parent = node.Parent;
            switch (parent)
            {
                case ParenthesizedExpressionSyntax:
                    break;
                case ConditionalExpressionSyntax choice when node != choice.Condition:
                    bindings = bindings.WithBranch(choice.Condition.ToString(), node == choice.WhenTrue ? "true" : "false");
                    break;
                case SwitchExpressionArmSyntax arm:
                    var decision = (SwitchExpressionSyntax)arm.Parent!;
                    bindings = bindings.WithBranch(decision.GoverningExpression.ToString(), arm.Pattern.ToString());
                    node = decision;
                    continue;
                case AssignmentExpressionSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax made } set
                    when set.Left.ToString() == "Code":
                    Make(code, made, origin, bindings, depth);
                    return;
                case ArgumentSyntax { Parent: TupleExpressionSyntax tuple }:
                    Deconstruct(code, tuple, node, origin, bindings, depth);
                    return;
                case ArgumentSyntax { Parent: ArgumentListSyntax { Parent: { } taker } }:
                    Pass(code, taker, node, origin, bindings, depth);
                    return;
                case ArrowExpressionClauseSyntax or ReturnStatementSyntax:
                    foreach ((InvocationExpressionSyntax call, _) in CallsOf(parent)) Follow(code, call, origin, bindings, depth + 1);
                    return;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } constant }:
                    foreach (IdentifierNameSyntax use in Uses(constant)) Follow(code, use, use, bindings, depth + 1);
                    return;
                default:
                    return;
            }
            node = parent;
        }
    }

    // new Problem { Code = …, What = …, Cure = … }
    private void Make(string code, BaseObjectCreationExpressionSyntax made, SyntaxNode origin, Bindings bindings, int depth)
    {
        Dictionary<string, ExpressionSyntax> members = made.Initializer!.Expressions.OfType<AssignmentExpressionSyntax>()
            .ToDictionary(set => set.Left.ToString(), set => set.Right, StringComparer.Ordinal);
        if (!members.TryGetValue("What", out ExpressionSyntax? what)) return;
        Emit(code, origin, what, members.GetValueOrDefault("Cause"), members.GetValueOrDefault("Cure"), bindings, depth);
    }

    // A method or a record that takes the code as an argument.
    private void Pass(string code, SyntaxNode taker, SyntaxNode argument, SyntaxNode origin, Bindings bindings, int depth)
    {
        if (_texts.ModelOf(taker).GetSymbolInfo(taker).Symbol is not IMethodSymbol method) return;
        ArgumentListSyntax? list = taker.ChildNodes().OfType<ArgumentListSyntax>().FirstOrDefault();
        List<(ISymbol Parameter, Bound Value)> arguments = [.. TextTemplates.Arguments(list, method, bindings)];
        ISymbol? taken = arguments.FirstOrDefault(one => one.Value.Expression.Contains(argument)).Parameter;
        Bindings inside = bindings.With(arguments);
        if (taken is not null && TextTemplates.BodyOf(method.ReducedFrom ?? method) is { } body)
        {
            int before = _found.Count;
            foreach (IdentifierNameSyntax use in body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => Means(use, taken)))
                Follow(code, use, origin, inside, depth + 1);
            if (_found.Count > before) return;
        }
        Bound? Of(string name) => arguments.FirstOrDefault(one =>
            string.Equals(one.Parameter.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        if (Of("what") is { } what) Emit(code, origin, what.Expression, Of("cause")?.Expression, Of("cure")?.Expression, bindings, depth);
    }

    // (string code, string what, string cure) = … ("RF6003", "…", "…"): the names are used further down.
    private void Deconstruct(
        string code, TupleExpressionSyntax tuple, SyntaxNode element, SyntaxNode origin, Bindings bindings, int depth)
    {
        AssignmentExpressionSyntax? set = tuple.FirstAncestorOrSelf<AssignmentExpressionSyntax>();
        ISymbol?[] names = set?.Left switch
        {
            TupleExpressionSyntax left => [.. left.Arguments.Select(one => Declared(one.Expression))],
            DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax many } =>
                [.. many.Variables.Select(Declared)],
            _ => [],
        };
        if (names.Length != tuple.Arguments.Count) return;
        Bindings inside = bindings.With(names.Index().Where(one => one.Item is not null)
            .Select(one => (one.Item!, new Bound(tuple.Arguments[one.Index].Expression, bindings))));
        int at = tuple.Arguments.Select(one => (SyntaxNode)one.Expression).ToList().IndexOf(element);
        if (names[at] is not { } taken || set!.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member) return;
        foreach (IdentifierNameSyntax use in member.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => Means(use, taken)))
            Follow(code, use, origin, inside, depth + 1);
    }

    private ISymbol? Declared(ExpressionSyntax expression) => expression is DeclarationExpressionSyntax { Designation: var name }
        ? Declared(name)
        : _texts.ModelOf(expression).GetSymbolInfo(expression).Symbol;

    private ISymbol? Declared(VariableDesignationSyntax name) =>
        name is SingleVariableDesignationSyntax single ? _texts.ModelOf(single).GetDeclaredSymbol(single) : null;

    private void Emit(
        string code, SyntaxNode origin, ExpressionSyntax what, ExpressionSyntax? cause, ExpressionSyntax? cure, Bindings bindings,
        int depth)
    {
        // A helper that takes the sentence itself: its callers know it.
        if (Open(what, bindings) is { } method && depth < Deepest)
        {
            List<(InvocationExpressionSyntax Call, IMethodSymbol Called)> calls = [.. CallsOf(method)];
            foreach ((InvocationExpressionSyntax call, IMethodSymbol called) in calls)
            {
                Bindings inside = bindings.With(TextTemplates.Arguments(call.ArgumentList, called, bindings));
                Emit(code, call, what, cause, cure, inside, depth + 1);
            }
            if (calls.Count > 0) return;
        }
        IReadOnlyList<string> Of(ExpressionSyntax? text) => text is null ? [] : _texts.Read(new Bound(text, bindings));
        (IReadOnlyList<string> whats, IReadOnlyList<string> cures) = (Of(what), Of(cure));
        if (whats.Count > 1 && whats.Count == cures.Count)
        {
            foreach ((int i, string one) in whats.Index()) Add(code, origin, [one], Of(cause), [cures[i]]);
        }
        else
        {
            Add(code, origin, whats, Of(cause), cures);
        }
    }

    // The method whose parameter the sentence is, where no call has been followed that would say it.
    private IMethodSymbol? Open(ExpressionSyntax text, Bindings bindings)
    {
        Bound value = new(text, bindings);
        for (int depth = 0; depth < Deepest && value.Expression is IdentifierNameSyntax; depth++)
        {
            ISymbol? symbol = _texts.ModelOf(value.Expression).GetSymbolInfo(value.Expression).Symbol;
            if (bindings.Find(symbol) is { } known && known.Expression != value.Expression) value = known;
            else return (symbol as IParameterSymbol)?.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                ? method : null;
        }
        return null;
    }

    private void Add(
        string code, SyntaxNode origin, IReadOnlyList<string> what, IReadOnlyList<string> causes, IReadOnlyList<string> cures)
    {
        SourceFile file = _code.Files[origin.SyntaxTree];
        if (what.Count > 0) _found.Add(new ProblemMessage(code, file.Project, file.Folder, what, causes, cures));
    }

    private IEnumerable<(InvocationExpressionSyntax Call, IMethodSymbol Called)> CallsOf(SyntaxNode inside)
    {
        SyntaxNode? member = inside.AncestorsAndSelf()
            .FirstOrDefault(node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax);
        return member is not null && _texts.ModelOf(member).GetDeclaredSymbol(member) is IMethodSymbol method ? CallsOf(method) : [];
    }

    private IEnumerable<(InvocationExpressionSyntax Call, IMethodSymbol Called)> CallsOf(IMethodSymbol method)
    {
        foreach (InvocationExpressionSyntax call in _calls.Value[method.Name])
        {
            if (_texts.ModelOf(call).GetSymbolInfo(call).Symbol is IMethodSymbol called
                && SymbolEqualityComparer.Default.Equals((called.ReducedFrom ?? called).OriginalDefinition, method.OriginalDefinition))
                yield return (call, called);
        }
    }

    private IEnumerable<IdentifierNameSyntax> Uses(VariableDeclaratorSyntax constant) =>
        _texts.ModelOf(constant).GetDeclaredSymbol(constant) is { } field
            ? constant.SyntaxTree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => Means(use, field))
            : [];

    private bool Means(IdentifierNameSyntax use, ISymbol symbol) =>
        use.Identifier.Text == symbol.Name
        && SymbolEqualityComparer.Default.Equals(_texts.ModelOf(use).GetSymbolInfo(use).Symbol?.OriginalDefinition, symbol);

    private static string CalledName(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    [GeneratedRegex(@"^RF\d{4}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeAlone();

    [GeneratedRegex(@"\bRF\d{4}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyCode();

    [GeneratedRegex(@"(?<code>\bRF\d{4}) (?<words>\S)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeAndWords();

    [GeneratedRegex(@"\. (?=[A-Z`])|\.(?=\[)|(?<=>) (?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SentenceEnd();
}

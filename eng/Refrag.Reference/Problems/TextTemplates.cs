using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Refrag.SourceAnalysis;

namespace Refrag.Reference.Problems;

/// <summary>Reads the texts that an expression can give; what is known only when the program runs becomes <c>&lt;name&gt;</c>.</summary>
internal sealed partial class TextTemplates(SourceCode code)
{
    // Methods that call one another this deep are followed; messages are not built deeper.
    private const int Deepest = 6;

    // What a member of this name holds, only its owner says.
    private static readonly HashSet<string> s_vague =
        ["Name", "Value", "Text", "Count", "Length", "Message", "Path", "Id", "Code", "Written", "Key", "Shown", "Cause", "Cure", "What"];

    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];

    /// <summary>The meaning of the names in a file.</summary>
    public SemanticModel ModelOf(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out SemanticModel? model))
            _models[node.SyntaxTree] = model = code.Compilation.GetSemanticModel(node.SyntaxTree);
        return model;
    }

    /// <summary>Lists the texts, without null; each once.</summary>
    public IReadOnlyList<string> Read(Bound? text) =>
        text is null ? [] : [.. Texts(text, 0).Select(Plain).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];

    private IReadOnlyList<string> Texts(Bound text, int depth)
    {
        (ExpressionSyntax expression, Bindings bindings) = (text.Expression, text.Bindings);
        if (depth > Deepest) return [Hole(text)];
        IReadOnlyList<string> Of(ExpressionSyntax part) => Texts(new Bound(part, bindings), depth + 1);
        if (ModelOf(expression).GetConstantValue(expression) is { HasValue: true, Value: { } constant })
            return [Convert.ToString(constant, System.Globalization.CultureInfo.InvariantCulture)!];
        return expression switch
        {
            LiteralExpressionSyntax or ThrowExpressionSyntax => [],
            ParenthesizedExpressionSyntax inner => Of(inner.Expression),
            CastExpressionSyntax cast => Of(cast.Expression),
            PostfixUnaryExpressionSyntax forgiven => Of(forgiven.Operand),
            InterpolatedStringExpressionSyntax interpolated => [Interpolated(interpolated, bindings, depth)],
            BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => Joined(Of(sum.Left), Of(sum.Right)),
            BinaryExpressionSyntax either when either.IsKind(SyntaxKind.CoalesceExpression) => Either(either, bindings, depth),
            ConditionalExpressionSyntax choice => bindings.FindBranch(choice.Condition.ToString()) switch
            {
                "true" => Of(choice.WhenTrue),
                "false" => Of(choice.WhenFalse),
                _ => [.. Of(choice.WhenTrue), .. Of(choice.WhenFalse)],
            },
            SwitchExpressionSyntax choice => [.. Arms(choice, bindings).SelectMany(arm => Of(arm.Expression))],
            InvocationExpressionSyntax call => Called(call, bindings, depth),
            IdentifierNameSyntax or MemberAccessExpressionSyntax => Named(expression, bindings, depth),
            _ => [Hole(text)],
        };
    }

    private static IEnumerable<SwitchExpressionArmSyntax> Arms(SwitchExpressionSyntax choice, Bindings bindings)
    {
        if (bindings.FindBranch(choice.GoverningExpression.ToString()) is not { } taken) return choice.Arms;
        string[] patterns = taken.Split(" or ", StringSplitOptions.TrimEntries);
        List<SwitchExpressionArmSyntax> same = [.. choice.Arms.Where(arm =>
            arm.Pattern.ToString() == taken || patterns.Contains(arm.Pattern.ToString(), StringComparer.Ordinal))];
        return same.Count > 0 ? same : choice.Arms;
    }

    private static IReadOnlyList<string> Joined(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.Count == 0 ? right : right.Count == 0 ? left : [.. left.SelectMany(l => right.Select(r => l + r))];

    private IReadOnlyList<string> Either(BinaryExpressionSyntax either, Bindings bindings, int depth) =>
        [.. Texts(new Bound(either.Left, bindings), depth + 1).Concat(Texts(new Bound(either.Right, bindings), depth + 1))];

    private string Interpolated(InterpolatedStringExpressionSyntax text, Bindings bindings, int depth) =>
        string.Concat(text.Contents.Select(part => part switch
        {
            InterpolatedStringTextSyntax literal => literal.TextToken.ValueText,
            InterpolationSyntax hole => Filled(new Bound(hole.Expression, bindings), depth),
            _ => "",
        }));

    // What is always the same stands in the text; what may be left out stands in brackets.
    private string Filled(Bound hole, int depth)
    {
        IReadOnlyList<string> texts = [.. Texts(hole, depth + 1).Distinct(StringComparer.Ordinal)];
        bool isOptional = texts.Contains("", StringComparer.Ordinal);
        List<string> said = [.. texts.Where(text => text.Length > 0)];
        return said switch
        {
            [] => "",
            [var one] when !isOptional => one,
            _ when isOptional => $"[{string.Join('|', said)}]",
            _ when said.All(IsHole) => said[0],
            _ => $"<{string.Join('|', said.Select(text => IsHole(text) ? text[1..^1] : text))}>",
        };
    }

    private IReadOnlyList<string> Called(InvocationExpressionSyntax call, Bindings bindings, int depth)
    {
        ISymbol? symbol = ModelOf(call).GetSymbolInfo(call).Symbol;
        if (symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String, Name: "Create" })
            return Texts(new Bound(call.ArgumentList.Arguments[^1].Expression, bindings), depth + 1);
        if (symbol is IMethodSymbol { ContainingType.SpecialType: SpecialType.System_String }
            && call.Expression is MemberAccessExpressionSyntax trimmed
            && trimmed.Name.Identifier.Text.StartsWith("Trim", StringComparison.Ordinal))
            return Texts(new Bound(trimmed.Expression, bindings), depth + 1);
        if (symbol is not IMethodSymbol { ReturnType.SpecialType: SpecialType.System_String } method || code.FileOf(method) is null
            || BodyOf(method) is not { } body) return [Hole(new Bound(call, bindings))];
        Bindings inside = bindings.With(Arguments(call.ArgumentList, method, bindings));
        IReadOnlyList<string> texts =
            [.. Returned(body).SelectMany(returned => Texts(new Bound(returned, inside), depth + 1)).Distinct(StringComparer.Ordinal)];
        return texts.Count > 0 && texts.All(text => text.Length == 0 || HasWords(text)) ? texts : [Hole(new Bound(call, bindings))];
    }

    private IReadOnlyList<string> Named(ExpressionSyntax name, Bindings bindings, int depth)
    {
        ISymbol? symbol = ModelOf(name).GetSymbolInfo(name).Symbol;
        Bound? value = bindings.Find(symbol) ?? symbol switch
        {
            ILocalSymbol or IFieldSymbol { IsReadOnly: true } => Initial(symbol, bindings),
            IPropertySymbol { IsStatic: true } => Initial(symbol, Bindings.None),
            _ => null,
        };
        if (value is null) return [Hole(new Bound(name, bindings))];
        IReadOnlyList<string> texts = Texts(value, depth + 1);
        return texts.Any(HasWords) || bindings.Find(symbol) is not null ? texts : [Hole(new Bound(name, bindings))];
    }

    private static Bound? Initial(ISymbol symbol, Bindings bindings) => Declared(symbol) switch
    {
        VariableDeclaratorSyntax { Initializer.Value: { } value } => new Bound(value, bindings),
        PropertyDeclarationSyntax { ExpressionBody.Expression: { } value } => new Bound(value, bindings),
        PropertyDeclarationSyntax { Initializer.Value: { } value } => new Bound(value, bindings),
        _ => null,
    };

    // Only of our own code; what a package declares has no source here.
    private static SyntaxNode? Declared(ISymbol symbol) =>
        symbol.OriginalDefinition.DeclaringSyntaxReferences is [var first, ..] ? first.GetSyntax() : null;

    /// <summary>The body of a method that has one; null if it has none here.</summary>
    public static SyntaxNode? BodyOf(IMethodSymbol method) => Declared(method) switch
    {
        BaseMethodDeclarationSyntax declared => (SyntaxNode?)declared.ExpressionBody ?? declared.Body,
        LocalFunctionStatementSyntax declared => (SyntaxNode?)declared.ExpressionBody ?? declared.Body,
        _ => null,
    };

    private static IEnumerable<ExpressionSyntax> Returned(SyntaxNode body) => body is ArrowExpressionClauseSyntax arrow
        ? [arrow.Expression]
        : body.DescendantNodes().OfType<ReturnStatementSyntax>().Select(statement => statement.Expression).OfType<ExpressionSyntax>();

    /// <summary>The arguments of a call, each with the parameter that takes it; and the defaults of the others.</summary>
    /// <param name="list">The arguments; null for none.</param>
    /// <param name="called">The method as it is called.</param>
    /// <param name="bindings">What is known where the call stands.</param>
    public static IEnumerable<(ISymbol Parameter, Bound Value)> Arguments(
        ArgumentListSyntax? list, IMethodSymbol called, Bindings bindings)
    {
        // Of an extension that is called like a method of its own, the first parameter stands before the dot.
        IParameterSymbol[] parameters = called.ReducedFrom is { } extension
            ? [.. extension.OriginalDefinition.Parameters.Skip(1)]
            : [.. called.OriginalDefinition.Parameters];
        IReadOnlyList<ArgumentSyntax> arguments = list is null ? [] : [.. list.Arguments];
        for (int i = 0; i < parameters.Length; i++)
        {
            ArgumentSyntax? given = arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == parameters[i].Name)
                ?? (i < arguments.Count && arguments[i].NameColon is null ? arguments[i] : null);
            if (given is not null) yield return (parameters[i], new Bound(given.Expression, bindings));
            else if (Declared(parameters[i]) is ParameterSyntax { Default.Value: { } value })
                yield return (parameters[i], new Bound(value, Bindings.None));
        }
    }

    private string Hole(Bound value) => NameOf(value.Expression, value.Bindings) is { Length: > 0 } name ? $"<{name}>" : "<value>";

    private string NameOf(ExpressionSyntax expression, Bindings bindings) => expression switch
    {
        IdentifierNameSyntax name => Words(name.Identifier.Text),
        MemberAccessExpressionSyntax { Expression: var owner, Name.Identifier.Text: var member } =>
            s_vague.Contains(member) && NameOf(owner, bindings) is { Length: > 0 } of
                && !of.EndsWith(Words(member), StringComparison.Ordinal)
                ? $"{of} {Words(member)}" : Words(member),
        MemberBindingExpressionSyntax { Name.Identifier.Text: var member } => Words(member),
        ConditionalAccessExpressionSyntax access => NameOf(access.WhenNotNull, bindings),
        ElementAccessExpressionSyntax element => NameOf(element.Expression, bindings),
        InvocationExpressionSyntax call => NameOfCall(call, bindings),
        ParenthesizedExpressionSyntax inner => NameOf(inner.Expression, bindings),
        PostfixUnaryExpressionSyntax forgiven => NameOf(forgiven.Operand, bindings),
        CastExpressionSyntax cast => NameOf(cast.Expression, bindings),
        BinaryExpressionSyntax sum => NameOf(sum.Left, bindings),
        ConditionalExpressionSyntax choice => NameOf(choice.WhenTrue, bindings),
        _ => "",
    };

    private string NameOfCall(InvocationExpressionSyntax call, Bindings bindings)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Join" } && arguments.Count == 2)
            return NameOf(arguments[1].Expression, bindings) is { Length: > 0 } list ? $"{list}, …" : "values, …";
        // A chain such as names.Where(…).Order() is called after what it starts from.
        if (call.Expression is MemberAccessExpressionSyntax { Expression: var owner }
            && ModelOf(owner).GetSymbolInfo(owner).Symbol is not ITypeSymbol)
            return NameOf(owner, bindings);
        if (arguments.Count > 0 && NameOf(arguments[0].Expression, bindings) is { Length: > 0 } name) return name;
        return call.Expression is SimpleNameSyntax method ? Words(method.Identifier.Text) : "";
    }

    private static string Words(string identifier) =>
        WordStart().Replace(identifier.TrimStart('_').Replace("s_", "", StringComparison.Ordinal), " ").ToLowerInvariant();

    private static bool IsHole(string text) => HoleAlone().IsMatch(text);

    private static bool HasWords(string text) => HoleAnywhere().Replace(text, "").Any(char.IsLetter);

    private static string Plain(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex("^<[^<>]*>$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HoleAlone();

    [GeneratedRegex("<[^<>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HoleAnywhere();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.SourceAnalysis;

/// <summary>Members of the contract: which shapes they have, and what is assigned to them or compared with them.</summary>
internal static class ContractMembers
{
    /// <summary>
    /// The members that a generated table of shapes lists, as C# spells them, each with its shape; of a list it is the element's shape.
    /// </summary>
    /// <param name="generated">A generated file.</param>
    public static IEnumerable<(string Member, string Shape)> Shapes(SyntaxNode generated)
    {
        Dictionary<string, string> elements = generated.DescendantNodes().OfType<SwitchExpressionArmSyntax>()
            .Select(arm => (Name: Text((arm.Pattern as ConstantPatternSyntax)?.Expression), Element: ElementOf(arm.Expression)))
            .Where(arm => arm is { Name: not null, Element: not null })
            .ToDictionary(arm => arm.Name!, arm => arm.Element!, StringComparer.Ordinal);
        return generated.DescendantNodes().OfType<TupleExpressionSyntax>()
            .Select(tuple => (Member: Text(tuple.Arguments[0].Expression), Shape: Text(tuple.Arguments[1].Expression)))
            .Where(tuple => tuple is { Member: not null, Shape: not null })
            .Select(tuple => (Pascal(tuple.Member!), elements.GetValueOrDefault(tuple.Shape!, tuple.Shape!)));
    }

    /// <summary>The name of the member that an expression is assigned to or compared with; null if there is none.</summary>
    /// <param name="value">The expression.</param>
    public static string? Of(SyntaxNode value) => value.Parent switch
    {
        AssignmentExpressionSyntax set when set.Right == value => NameOf(set.Left),
        BinaryExpressionSyntax two when two.IsKind(SyntaxKind.EqualsExpression) || two.IsKind(SyntaxKind.NotEqualsExpression) =>
            NameOf(two.Left == value ? two.Right : two.Left),
        BinaryExpressionSyntax two when two.IsKind(SyntaxKind.CoalesceExpression) => Of(two),
        IsPatternExpressionSyntax test => NameOf(test.Expression),
        SubpatternSyntax { ExpressionColon: { } colon } => NameOf(colon.Expression),
        SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax { GoverningExpression: var asked } } arm when arm.Pattern == value =>
            NameOf(asked),
        SwitchExpressionArmSyntax { Parent: { } all } arm when arm.Expression == value => Of(all),
        ParenthesizedExpressionSyntax or ConditionalExpressionSyntax or CollectionExpressionSyntax or ExpressionElementSyntax
            or PatternSyntax => Of(value.Parent!),
        _ => null,
    };

    private static string? NameOf(ExpressionSyntax member) => member switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        ConditionalAccessExpressionSyntax access => NameOf(access.WhenNotNull),
        PostfixUnaryExpressionSyntax postfix => NameOf(postfix.Operand),
        _ => null,
    };

    private static string? ElementOf(ExpressionSyntax rule) =>
        rule is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ListOf" } } call
            ? Text(call.ArgumentList.Arguments[0].Expression)
            : null;

    private static string? Text(ExpressionSyntax? expression) =>
        expression is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression)
            ? literal.Token.ValueText
            : null;

    private static string Pascal(string member) => char.ToUpperInvariant(member[0]) + member[1..];
}

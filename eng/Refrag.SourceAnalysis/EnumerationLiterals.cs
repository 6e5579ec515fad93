using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.SourceAnalysis;

/// <summary>Finds text literals that repeat a value of AWS's enumerations, for which a generated constant exists.</summary>
public static class EnumerationLiterals
{
    /// <summary>
    /// Lists the literals with their places. Only values in capitals count (<c>RUNNABLE</c>): <c>default</c> is also an ordinary
    /// word.
    /// </summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<(string Place, string Value)> Find(SourceCode code)
    {
        HashSet<string> values = [.. code.Files.Where(file => file.Value.IsGenerated)
            .SelectMany(file => Literals(file.Key).Where(IsConstant)).Select(literal => literal.Token.ValueText).Where(IsInCapitals)];
        return [.. code.Files.Where(file => !file.Value.IsGenerated)
            .SelectMany(file => Literals(file.Key).Where(literal => values.Contains(literal.Token.ValueText))
                .Select(literal => (Place: Place(file.Value, literal), Value: literal.Token.ValueText)))
            .OrderBy(found => found.Place, StringComparer.Ordinal)];
    }

    private static IEnumerable<LiteralExpressionSyntax> Literals(SyntaxTree tree) =>
        tree.GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>()
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression));

    // From the literal over its initializer, the variable and the declaration to the field.
    private static bool IsConstant(LiteralExpressionSyntax literal) =>
        literal.Parent?.Parent?.Parent?.Parent is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword);

    private static bool IsInCapitals(string value) =>
        value.Length > 3 && value.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');

    private static string Place(SourceFile file, LiteralExpressionSyntax literal) =>
        $"{file.Path}:{literal.SyntaxTree.GetLineSpan(literal.Span).StartLinePosition.Line + 1}";
}

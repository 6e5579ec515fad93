using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.SourceAnalysis;

/// <summary>Finds text literals that repeat a value of AWS's enumerations, for which a generated constant exists.</summary>
public static class EnumerationLiterals
{
    /// <summary>
    /// Lists the literals with their places. Anywhere, only values in capitals count (<c>RUNNABLE</c>): <c>default</c> is also an
    /// ordinary word. Where a literal is assigned to a member of the contract, or compared with one, each value of the member's
    /// enumeration counts (<c>multinode</c>).
    /// </summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<(string Place, string Value)> Find(SourceCode code)
    {
        SyntaxNode[] generated = [.. code.Files.Where(file => file.Value.IsGenerated).Select(file => file.Key.GetRoot())];
        ILookup<string, string> enumerations = Enumerations(generated);
        HashSet<string> capitals = [.. enumerations.SelectMany(values => values).Where(IsInCapitals)];
        HashSet<(string Member, string Value)> ofMembers = [.. OfMembers(generated, enumerations)];
        return [.. code.Files.Where(file => !file.Value.IsGenerated)
            .SelectMany(file => Literals(file.Key.GetRoot())
                .Where(literal => capitals.Contains(literal.Token.ValueText)
                    || (ContractMembers.Of(literal) is { } member && ofMembers.Contains((member, literal.Token.ValueText))))
                .Select(literal => (Place: Place(file.Value, literal), Value: literal.Token.ValueText)))
            .OrderBy(found => found.Place, StringComparer.Ordinal)];
    }

    private static IEnumerable<LiteralExpressionSyntax> Literals(SyntaxNode node) =>
        node.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression));

    // The constants of each enumeration, by its name.
    private static ILookup<string, string> Enumerations(IEnumerable<SyntaxNode> generated) => generated
        .SelectMany(root => root.DescendantNodes().OfType<FieldDeclarationSyntax>())
        .Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword))
        .SelectMany(field => Literals(field).Select(
            literal => (Name: ((BaseTypeDeclarationSyntax)field.Parent!).Identifier.Text, literal.Token.ValueText)))
        .ToLookup(one => one.Name, one => one.ValueText);

    // A member is of an enumeration that has its name, or by the model's shapes, perhaps as a list of it.
    private static IEnumerable<(string Member, string Value)> OfMembers(
        IReadOnlyList<SyntaxNode> generated, ILookup<string, string> enumerations) =>
        generated.SelectMany(ContractMembers.Shapes)
            .Concat(enumerations.Select(enumeration => (Member: enumeration.Key, Shape: enumeration.Key)))
            .SelectMany(one => enumerations[one.Shape].Select(value => (one.Member, value)));

    private static bool IsInCapitals(string value) =>
        value.Length > 3 && value.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');

    private static string Place(SourceFile file, LiteralExpressionSyntax literal) =>
        $"{file.Path}:{literal.SyntaxTree.GetLineSpan(literal.Span).StartLinePosition.Line + 1}";
}

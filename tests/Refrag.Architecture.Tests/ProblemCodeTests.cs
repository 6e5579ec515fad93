using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.Architecture.Tests;

/// <summary>A problem code has one meaning, and one type that constructs it.</summary>
public sealed partial class ProblemCodeTests
{
    // The codes that several types construct, each with the one meaning that they share.
    private static readonly Dictionary<string, string> s_shared = new()
    {
        ["RF1201"] = "a text is not one document of YAML: the scanner throws it at a place, the reader reports it of the whole",
        ["RF1305"] = "a resolver that is not known: of a configuration that other programs' resolvers belong to, it is recognized as such",
        ["RF2080"] = "an estimate exceeds --max-cost: of one submission, or of several together",
        ["RF4009"] = "the engine has stopped: answered by the engine, and recognized by who reads the run",
        ["RF4011"] = "the state cannot be written: answered by the engine, reported for a copy, and recognized by the server",
        ["RF7002"] = "a setting of an app has a wrong value: read by the library, and by the app that knows more about it",
    };

    [Fact]
    public void Code_EachOfThem_IsConstructedInOneType()
    {
        var types = Repository.Code.Files
            .SelectMany(file => Constructed(file.Key.GetRoot(TestContext.Current.CancellationToken)))
            .Distinct().ToLookup(found => found.Code, found => found.Type);

        Assert.NotEmpty(types);
        Assert.Empty(
            types.Where(found => found.Count() > 1 && !s_shared.ContainsKey(found.Key))
                .Select(found => $"{found.Key}: {string.Join(", ", found)}"));
        Assert.DoesNotContain(s_shared.Keys, code => types[code].Count() < 2);
    }

    // What is compared with, or stands in a list, asks for a code and does not construct it.
    private static IEnumerable<(string Code, string Type)> Constructed(SyntaxNode root) => root.DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken))
        .Where(token => !IsCompared(token))
        .SelectMany(token => Code().Matches(token.ValueText).Select(match => (match.Value, TypeOf(token))));

    private static bool IsCompared(SyntaxToken token) =>
        token.Parent?.Parent is ConstantPatternSyntax or ExpressionElementSyntax
        || (token.Parent?.Parent is BinaryExpressionSyntax two
            && (two.IsKind(SyntaxKind.EqualsExpression) || two.IsKind(SyntaxKind.NotEqualsExpression)));

    // A nested type is a detail of the type around it; the parts of a partial type are one.
    private static string TypeOf(SyntaxToken token)
    {
        string space = token.Parent!.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";
        return $"{space}.{token.Parent.Ancestors().OfType<BaseTypeDeclarationSyntax>().Last().Identifier.Text}";
    }

    [GeneratedRegex(@"\bRF\d{4}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.Architecture.Tests;

/// <summary>A problem code has one project that says it.</summary>
public sealed partial class ProblemCodeTests
{
    // The server says of the engine's state what the engine says; an app's settings are read by the library and by the apps.
    private static readonly HashSet<string> s_shared = ["RF4011", "RF7002"];

    [Fact]
    public void Code_EachOfThem_IsSaidInOneProject()
    {
        var projects = Repository.Code.Files
            .SelectMany(
            file => Said(file.Key.GetRoot(TestContext.Current.CancellationToken)).Select(code => (Code: code, file.Value.Project)))
            .Distinct().ToLookup(said => said.Code, said => said.Project);

        Assert.NotEmpty(projects);
        Assert.Empty(
            projects.Where(said => said.Count() > 1 && !s_shared.Contains(said.Key))
                .Select(said => $"{said.Key}: {string.Join(", ", said)}"));
    }

    // What is compared with, or stands in a list, asks for a code and does not say it.
    private static IEnumerable<string> Said(SyntaxNode root) => root.DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken))
        .Where(token => !IsCompared(token))
        .SelectMany(token => Code().Matches(token.ValueText).Select(match => match.Value));

    private static bool IsCompared(SyntaxToken token) =>
        token.Parent?.Parent is BinaryExpressionSyntax or ConstantPatternSyntax or ExpressionElementSyntax;

    [GeneratedRegex(@"\bRF\d{4}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}

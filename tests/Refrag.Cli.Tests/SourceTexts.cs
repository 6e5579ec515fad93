using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.Cli.Tests;

/// <summary>The texts of C# code as they are printed: what is added stands together, and X stands for each value.</summary>
internal static class SourceTexts
{
    /// <summary>The texts of a file, each with the line where it begins.</summary>
    /// <param name="file">The file.</param>
    public static IEnumerable<(int Line, string Text)> In(string file) => Of(File.ReadAllText(file));

    /// <summary>The texts of code, each with the line where it begins.</summary>
    /// <param name="code">C#.</param>
    public static IEnumerable<(int Line, string Text)> Of(string code) => CSharpSyntaxTree
        .ParseText(code, cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken)
        .DescendantNodes()
        .OfType<ExpressionSyntax>()
        .Where(expression => IsText(expression) && !(expression.Parent is BinaryExpressionSyntax sum && IsText(sum)))
        .Select(text => (text.GetLocation().GetLineSpan().StartLinePosition.Line + 1, Printed(text)));

    private static bool IsText(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax => expression.IsKind(SyntaxKind.StringLiteralExpression),
        InterpolatedStringExpressionSyntax => true,
        BinaryExpressionSyntax sum => sum.IsKind(SyntaxKind.AddExpression) && (IsText(sum.Left) || IsText(sum.Right)),
        _ => false,
    };

    private static string Printed(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal when IsText(literal) => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(
            part => part is InterpolatedStringTextSyntax words ? words.TextToken.ValueText : "X")),
        BinaryExpressionSyntax sum when IsText(sum) => Printed(sum.Left) + Printed(sum.Right),
        _ => "X",
    };
}

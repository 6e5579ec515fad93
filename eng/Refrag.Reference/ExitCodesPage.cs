using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Refrag.SourceAnalysis;

namespace Refrag.Reference;

/// <summary>docs/reference/exit-codes.md.</summary>
internal static class ExitCodesPage
{
    public static string Write(SourceCode code, ICollection<string> gaps)
    {
        INamedTypeSymbol type = code.Compilation.GetTypeByMetadataName("Refrag.Cli.Context.ExitCodes")!;
        var page = new StringBuilder("# Exit codes\n\n");
        page.Append(Prose.Wrap(Prose.Summary(type.GetDocumentationCommentXml()))).Append('\n');
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().OrderBy(field => (int)field.ConstantValue!))
        {
            string meaning = Prose.Summary(field.GetDocumentationCommentXml());
            if (meaning.Length == 0) gaps.Add($"ExitCodes.{field.Name} has no summary");
            page.Append(Prose.Wrap(string.Create(CultureInfo.InvariantCulture, $"`{field.ConstantValue}`: {meaning}"), "- ", 2));
        }
        return page.ToString();
    }
}

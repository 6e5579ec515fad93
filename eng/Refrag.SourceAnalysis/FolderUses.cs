using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.SourceAnalysis;

/// <summary>Finds which folder of a project uses which other folder of it, by following every name to its declaration.</summary>
public static class FolderUses
{
    /// <summary>Lists every pair of folders once, ordered by project and name.</summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<FolderUse> Find(SourceCode code)
    {
        var found = new ConcurrentBag<Use>();
        Parallel.ForEach(code.Files, file =>
        {
            foreach (Use use in In(code, file.Key, file.Value)) found.Add(use);
        });
        return [.. found.GroupBy(use => (use.Project, use.From, use.To)).Select(Merge)
            .OrderBy(use => use.Project, StringComparer.Ordinal).ThenBy(use => use.From, StringComparer.Ordinal)
            .ThenBy(use => use.To, StringComparer.Ordinal)];
    }

    private static IEnumerable<Use> In(SourceCode code, SyntaxTree tree, SourceFile file)
    {
        SemanticModel model = code.Compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            // The type behind a `var` is named by what produces it.
            if (name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null || name.IsVar) continue;
            ISymbol? symbol = Declared(model.GetSymbolInfo(name).Symbol);
            if (code.FileOf(symbol) is not { } used || used.Project != file.Project || used.Folder == file.Folder) continue;
            string type = (symbol as INamedTypeSymbol ?? symbol!.ContainingType).Name;
            int line = tree.GetLineSpan(name.Span).StartLinePosition.Line + 1;
            yield return new Use(file.Project, file.Folder, used.Folder, file.Path, line, type);
        }
    }

    // A member belongs where it is declared, which for a partial type is the file of that part.
    private static ISymbol? Declared(ISymbol? symbol) => symbol switch
    {
        IMethodSymbol { ReducedFrom: { } extension } => extension,
        INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol,
        _ => null,
    };

    private static FolderUse Merge(IGrouping<(string Project, string From, string To), Use> uses)
    {
        Use first = uses.OrderBy(use => use.Path, StringComparer.Ordinal).ThenBy(use => use.Line).First();
        string[] types = [.. uses.Select(use => use.Type).Distinct().Order(StringComparer.Ordinal)];
        return new FolderUse(uses.Key.Project, uses.Key.From, uses.Key.To, $"{first.Path}:{first.Line}", types);
    }

    private sealed record Use(string Project, string From, string To, string Path, int Line, string Type);
}

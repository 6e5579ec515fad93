using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.SourceAnalysis;

/// <summary>Finds names of types that are declared in several namespaces.</summary>
public static class Names
{
    /// <summary>
    /// Lists each such name with its namespaces. Nested types belong to their type and do not count; nor do the generated records of AWS's
    /// services, which have AWS's names.
    /// </summary>
    /// <param name="code">The repository's code.</param>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Namespaces)> InSeveralNamespaces(SourceCode code) =>
        [.. code.Files.Keys.Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax)
            .Select(type => (Name: type.Identifier.Text, Namespace: ((BaseNamespaceDeclarationSyntax)type.Parent!).Name.ToString()))
            .Distinct().GroupBy(type => type.Name, type => type.Namespace, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Order(StringComparer.Ordinal)]))];
}

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Refrag.SourceAnalysis;

/// <summary>
/// All C# code of the repository's projects as one compilation, so that a name can be followed to the file that declares it. Code that the
/// compiler's generators add (JSON, regular expressions) is absent; what depends on it stays unresolved and counts as no dependency.
/// </summary>
public sealed class SourceCode
{
    // What ImplicitUsings adds to every project.
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly Dictionary<SyntaxTree, SourceFile> _files;

    private SourceCode(CSharpCompilation compilation, Dictionary<SyntaxTree, SourceFile> files)
    {
        Compilation = compilation;
        _files = files;
    }

    /// <summary>The compilation of all files.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The parsed files.</summary>
    public IReadOnlyDictionary<SyntaxTree, SourceFile> Files => _files;

    /// <summary>Parses the repository.</summary>
    /// <param name="root">The repository's root.</param>
    public static SourceCode Read(string root)
    {
        CSharpParseOptions options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var parsed = new ConcurrentDictionary<SyntaxTree, SourceFile>();
        Parallel.ForEach(SourceFile.List(root), file =>
            parsed[CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(root, file.Path)), options, file.Path)] = file);
        SyntaxTree usings = CSharpSyntaxTree.ParseText(GlobalUsings, options);
        var library = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        return new SourceCode(CSharpCompilation.Create("all", [.. parsed.Keys, usings], References(), library), parsed.ToDictionary());
    }

    /// <summary>Finds the file that declares a symbol; null if it is not one of ours.</summary>
    /// <param name="symbol">The symbol, or null.</param>
    public SourceFile? FileOf(ISymbol? symbol) =>
        symbol?.OriginalDefinition.DeclaringSyntaxReferences is [var first, ..] ? _files.GetValueOrDefault(first.SyntaxTree) : null;

    // The assemblies of the running program without our own, whose types are here as source.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Refrag.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
}

namespace Refrag.SourceAnalysis;

/// <summary>The files that people read: code, scripts, configuration and prose.</summary>
public static class TextFiles
{
    private static readonly string[] s_folders = ["src", "apps", "tests", "bench", "docs", "eng", "conf", "infra", ".ci"];
    private static readonly string[] s_endings = [".cs", ".md", ".sh", ".yaml", ".yml", ".tf", ".py", ".csproj", ".props"];
    private static readonly string[] s_left = ["bin", "obj", "artifacts", ".terraform", "node_modules"];

    /// <summary>Lists them below the repository's root, without what a command writes and without test data.</summary>
    /// <param name="root">The repository's root.</param>
    public static IEnumerable<string> List(string root) => Directory.EnumerateFiles(root)
        .Concat(s_folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        // A link is another name of a file that is listed as well.
        .Where(path => new FileInfo(path).LinkTarget is null)
        .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
        .Where(path => !path.EndsWith(".g.cs", StringComparison.Ordinal) && !path.Split('/').Any(s_left.Contains))
        .Where(path => Path.GetExtension(path) is { Length: > 0 } ending ? s_endings.Contains(ending) : IsScript(Path.Combine(root, path)))
        .Order(StringComparer.Ordinal);

    private static bool IsScript(string path)
    {
        using var reader = new StreamReader(path);
        return reader.ReadLine()?.StartsWith("#!", StringComparison.Ordinal) == true;
    }
}

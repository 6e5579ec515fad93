namespace Refrag.SourceAnalysis;

/// <summary>Finds lines that are wider than 140 columns.</summary>
public static class LongLines
{
    /// <summary>The widest line that code and prose may have, in columns.</summary>
    public const int Widest = 140;

    /// <summary>Lists the places, such as <c>README.md:12</c>. Rows of tables are left out: they cannot be wrapped.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Find(string root) =>
        [.. TextFiles.List(root).SelectMany(path => File.ReadLines(Path.Combine(root, path)).Index()
            .Where(line => line.Item.Length > Widest && !(path.EndsWith(".md", StringComparison.Ordinal) && line.Item.StartsWith('|')))
            .Select(line => $"{path}:{line.Index + 1}"))];
}

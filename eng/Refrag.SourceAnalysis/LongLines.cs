namespace Refrag.SourceAnalysis;

/// <summary>Finds lines that are wider than 140 columns.</summary>
public static class LongLines
{
    /// <summary>The widest line that code and prose may have, in columns.</summary>
    public const int Widest = 140;

    private static readonly string[] s_sentences = ["description ", "error_message "];

    /// <summary>
    /// Lists the places, such as <c>README.md:12</c>. What cannot be wrapped is left out: rows of tables, and sentences of Terraform, whose
    /// strings end with the line.
    /// </summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Find(string root) =>
        [.. TextFiles.List(root).SelectMany(path => File.ReadLines(Path.Combine(root, path)).Index()
            .Where(line => line.Item.Length > Widest && CanBeWrapped(path, line.Item))
            .Select(line => $"{path}:{line.Index + 1}"))];

    private static bool CanBeWrapped(string path, string line) => Path.GetExtension(path) switch
    {
        ".md" => !line.StartsWith('|'),
        ".tf" => !s_sentences.Any(name => line.TrimStart().StartsWith(name, StringComparison.Ordinal)),
        _ => true,
    };
}

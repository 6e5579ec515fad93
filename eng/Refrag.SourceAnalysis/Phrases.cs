using System.Text.RegularExpressions;

namespace Refrag.SourceAnalysis;

/// <summary>Finds phrases that docs/STYLE.md replaces by plainer ones.</summary>
public static class Phrases
{
    private static readonly string[] s_files = ["docs/STYLE.md", "eng/Refrag.SourceAnalysis/Phrases.cs"];

    // Written by eng/reference from sources that are counted themselves.
    private const string Generated = "docs/reference/";

    private static readonly string[] s_patterns =
    [
        "(?:is|are|was|were|be|been) told", "tells (?:the|a|an|its|their|you|who|what|how|why|that|whether)", "(?:goes|go|going|went) on",
        "(?:no|some)body", "for ever", "where there (?:is|are) (?:none|no)", "null where", "on paper", "is no amount that",
        "one that there is not", "who asks", "looked at", "given on", "of which",
    ];

    private static readonly Regex s_replaced = new(
        $@"\b(?:{string.Join('|', s_patterns)})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Lists the places with the phrase.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Find(string root) =>
        [.. TextFiles.List(root).Except(s_files).Where(path => !path.StartsWith(Generated, StringComparison.Ordinal)).SelectMany(path => File.ReadLines(Path.Combine(root, path)).Index()
            .SelectMany(line => s_replaced.Matches(line.Item).Select(match => $"{path}:{line.Index + 1}: {match.Value}")))];
}

using System.Text.RegularExpressions;

namespace Refrag.SourceAnalysis;

/// <summary>Finds phrases that docs/STYLE.md replaces by plainer ones.</summary>
public static class Phrases
{
    private static readonly string[] s_files = ["docs/STYLE.md", "eng/Refrag.SourceAnalysis/Phrases.cs"];

    private static readonly Regex s_replaced = new(
        @"\b(?:is|are|was|were|be|been) told\b|\btells (?:the|a|an|its|their|you|who|what|how|why|that|whether)\b|\b(?:goes|go|going|went) on\b"
        + @"|\b(?:no|some)body\b|\bfor ever\b|\bwhere there (?:is|are) (?:none|no)\b|\bnull where\b|\bon paper\b|\bis no amount that\b"
        + @"|\bone that there is not\b|\bwho asks\b|\blooked at\b|\bgiven on\b|\bof which\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Lists the places with the phrase.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Find(string root) =>
        [.. TextFiles.List(root).Except(s_files).SelectMany(path => File.ReadLines(Path.Combine(root, path)).Index()
            .SelectMany(line => s_replaced.Matches(line.Item).Select(match => $"{path}:{line.Index + 1}: {match.Value}")))];
}

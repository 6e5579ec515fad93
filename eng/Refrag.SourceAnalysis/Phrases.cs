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
        "told", "tells", "(?:do|does|did|would) (?:not )?tell", "(?:goes|go|going|went) on", "(?:no|some|any|every)body",
        "for ever", "where there (?:is|are) (?:none|no)", "null where", "on paper", "is no amount that", "one that there is not",
        "who asks", "looked at", "given on", "of which", "so many",
    ];

    private static readonly (string Path, string Phrase)[] s_exempt =
    [
        // A value in the files of attempts: an attempt that an earlier version started must still be found.
        ("src/Refrag.Runners/Processes/AttemptFolder.cs", "nobody"),
        // The words of PyTorch.
        ("tests/Refrag.Tests/Diagnosis/blind.yaml", "of which"),
    ];

    private static readonly Regex s_replaced = new(
        $@"\b(?:{string.Join('|', s_patterns)})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    /// <summary>Lists the places with the phrase.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<string> Find(string root) =>
        [.. TextFiles.List(root).Except(s_files).Where(path => !path.StartsWith(Generated, StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(Path.Combine(root, path)).Index()
                .SelectMany(line => s_replaced.Matches(line.Item)
                    .Where(match => !s_exempt.Contains((path, match.Value)))
                    .Select(match => $"{path}:{line.Index + 1}: {match.Value}")))];
}

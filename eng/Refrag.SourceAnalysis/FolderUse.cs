namespace Refrag.SourceAnalysis;

/// <summary>One folder of a project uses another, with the first place that shows it.</summary>
/// <param name="Project">The project that holds both.</param>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Place">The first file and line, such as <c>src/Refrag/Jobs/JobSpec.cs:12</c>.</param>
/// <param name="Types">The types that are used, in alphabetical order.</param>
public sealed record FolderUse(string Project, string From, string To, string Place, IReadOnlyList<string> Types)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}: {Shown(From)} uses {Shown(To)}, first at {Place}: {string.Join(", ", Types)}";

    private static string Shown(string folder) => folder.Length == 0 ? "(project root)" : folder;
}

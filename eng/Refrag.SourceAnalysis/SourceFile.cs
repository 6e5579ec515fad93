namespace Refrag.SourceAnalysis;

/// <summary>Where a source file stands: its project, and its folder inside the project.</summary>
/// <param name="Path">The path below the repository's root, with forward slashes.</param>
/// <param name="Project">The project's name, such as <c>Refrag.Engine</c>.</param>
/// <param name="Folder">The folder below the project with forward slashes; empty for a file beside the project file.</param>
public sealed record SourceFile(string Path, string Project, string Folder)
{
    private static readonly string[] s_roots = ["src", "apps"];

    /// <summary>Whether a command of the repository wrote the file.</summary>
    public bool IsGenerated => Path.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>Lists the C# files of every project under <c>src</c> and <c>apps</c>.</summary>
    /// <param name="root">The repository's root.</param>
    public static IReadOnlyList<SourceFile> List(string root) =>
        [.. s_roots.SelectMany(folder => Directory.EnumerateDirectories(System.IO.Path.Combine(root, folder)))
            .SelectMany(project => In(root, project)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static IEnumerable<SourceFile> In(string root, string project) =>
        Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(file => new SourceFile(Relative(root, file), System.IO.Path.GetFileName(project), FolderOf(Relative(project, file))))
            .Where(file => file.Folder.Split('/')[0] is not ("bin" or "obj"));

    private static string Relative(string root, string path) => System.IO.Path.GetRelativePath(root, path).Replace('\\', '/');

    private static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var end ? path[..end] : "";
}

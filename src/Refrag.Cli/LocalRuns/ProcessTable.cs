using System.Globalization;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// The processes of this machine, as the system shows them to this user. (proc(5)) Where it shows none, none are found.
/// </summary>
internal static class ProcessTable
{
    private const string Root = "/proc";

    /// <summary>Whether the system shows processes.</summary>
    public static bool IsShown => File.Exists($"{Root}/self/stat");

    /// <summary>The numbers of all processes but this one and the system's first.</summary>
    public static IEnumerable<int> Ids() => Directory.Exists(Root)
        ? Directory.EnumerateDirectories(Root)
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                ? process
                : 0)
            .Where(process => process > 1 && process != Environment.ProcessId)
        : [];

    /// <summary>
    /// The variables with which a process was started, each as <c>NAME=VALUE</c>; empty if it has ended or belongs to another user.
    /// </summary>
    public static IReadOnlyList<string> Variables(int process) =>
        (Text(process, "environ") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A file of a process; null if it has ended, or if the system does not show the file to this user.</summary>
    public static string? Text(int process, string name)
    {
        try
        {
            return File.ReadAllText(At(process, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What a link of a process names; null if it has ended, or if the system does not show the link to this user.</summary>
    public static string? Link(int process, string name)
    {
        try
        {
            return new FileInfo(At(process, name)).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string At(int process, string name) => string.Create(CultureInfo.InvariantCulture, $"{Root}/{process}/{name}");
}

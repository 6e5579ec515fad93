namespace Refrag.Composition.Completion;

/// <summary>The names in a directory, or null if there is no such directory.</summary>
/// <param name="path">The directory, as it was typed.</param>
public delegate IReadOnlyList<string>? DirectoryListing(string path);

/// <summary>Completes the path of a file after an equals sign: <c>ckpt=./run</c>.</summary>
public static class FileCompletion
{
    /// <summary>The names in a directory of this machine, in no order; null if there is none.</summary>
    /// <param name="path">The directory.</param>
    public static IReadOnlyList<string>? OnDisk(string path)
    {
        try
        {
            return Directory.Exists(path) ? [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))] : null;
        }
        // A directory that may not be read has nothing to offer.
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    /// <summary>Whether the value is the start of a path: it starts with a dot or a slash of either kind.</summary>
    internal static bool IsPath(string value) => value.Length > 0 && value[0] is ('.' or '/' or '\\');

    /// <summary>The paths that start with <paramref name="typed"/>.</summary>
    internal static IEnumerable<string> Complete(string typed, DirectoryListing list)
    {
        if (list(typed) is { } inside) return inside.Select(name => Join(typed, name));
        int slash = typed.LastIndexOf('/');
        if (slash < 0) return [];
        string directory = slash == 0 ? "/" : typed[..slash];
        string start = typed[(slash + 1)..];
        return (list(directory) ?? [])
            .Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => Join(directory, name));
    }

    private static string Join(string directory, string name) => directory.EndsWith('/') ? directory + name : $"{directory}/{name}";
}

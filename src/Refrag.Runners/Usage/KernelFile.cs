using System.Globalization;

namespace Refrag.Runners.Usage;

/// <summary>Files of /proc and /sys/fs/cgroup, which may be gone at any moment.</summary>
internal static class KernelFile
{
    /// <summary>The content of a file; null if it cannot be read.</summary>
    public static string? Text(string? file)
    {
        if (file is null) return null;
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file of one number; null if it cannot be read or holds something else.</summary>
    public static long? Number(string? file) =>
        long.TryParse(Text(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>The number behind a key, of a file with a pair on each line; null if there is none.</summary>
    public static long? Value(string? file, string key)
    {
        foreach (ReadOnlySpan<char> line in (Text(file) ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith(key) && line.Length > key.Length && line[key.Length] == ' '
                && long.TryParse(line[(key.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return value;
        }
        return null;
    }
}

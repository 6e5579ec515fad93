namespace Refrag.CodeArchives;

/// <summary>Which paths and links of an archive stay in the folder that it is unpacked into.</summary>
internal static class ArchivePaths
{
    /// <summary>Whether a path names something within the folder, plainly.</summary>
    public static bool IsWithin(string path) =>
        path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal) && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>
    /// Whether a link stays within the folder. '..' is taken at the beginning of its target alone: behind a name it would leave what the
    /// name stands for, and the name may be another link.
    /// </summary>
    /// <param name="path">Where the link lies; <see cref="IsWithin(string)"/>.</param>
    /// <param name="target">What it points at.</param>
    public static bool IsWithin(string path, string target)
    {
        if (target.Length == 0 || target[0] == '/' || target.Contains('\0', StringComparison.Ordinal)) return false;
        string[] parts = [.. target.Split('/').Where(part => part is not ("" or "."))];
        int up = parts.TakeWhile(part => part == "..").Count();
        return up <= path.Count(c => c == '/') && !parts.Skip(up).Contains("..");
    }
}

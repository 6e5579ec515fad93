using Refrag.CodeArchives;

namespace Refrag.Results;

/// <summary>A file or a symbolic link of the output directory.</summary>
/// <param name="Path">Its path in the directory, with slashes.</param>
/// <param name="Bytes">The file's size; 0 for a link.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Link">What a link points at; null for a file.</param>
internal sealed record FoundFile(string Path, long Bytes, DateTime Modified, string? Link = null);

/// <summary>What is in the output directory now.</summary>
internal sealed class OutputListing
{
    private readonly List<FoundFile> _files = [];
    private readonly List<string> _left = [];
    private readonly List<string> _failed = [];
    private readonly HashSet<string> _leftPaths = new(StringComparer.Ordinal);

    private OutputListing() { }

    /// <summary>The files and the links within the directory.</summary>
    public IReadOnlyList<FoundFile> Files => _files;

    /// <summary>What is not stored because it is no file: a path with a reason each.</summary>
    public IReadOnlyList<string> Left => _left;

    /// <summary>What should be stored and cannot be listed: a path with a reason each.</summary>
    public IReadOnlyList<string> Failed => _failed;

    /// <summary>Lists a directory; throws <see cref="DirectoryNotFoundException"/> if it is not there. No link is followed.</summary>
    public static OutputListing Of(string folder)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists) throw new DirectoryNotFoundException($"{folder} is not there any more");
        var listing = new OutputListing();
        listing.Add(root, "");
        return listing;
    }

    /// <summary>
    /// Whether a file or a link that is not listed is gone from the directory, or something else is in its place: one listing may miss what
    /// is there while others change. What cannot be found out is not gone.
    /// </summary>
    /// <param name="folder">The directory.</param>
    /// <param name="path">Its path in it, with slashes.</param>
    public bool IsGone(string folder, string path)
    {
        if (_leftPaths.Contains(path)) return true;
        string at = folder;
        string[] parts = path.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            at = Path.Combine(at, parts[i]);
            FileAttributes attributes;
            try
            {
                // Of a link itself. (lstat)
                attributes = File.GetAttributes(at);
            }
            catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
            {
                return true;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return false;
            }
            bool isFolder = attributes.HasFlag(FileAttributes.Directory) && !attributes.HasFlag(FileAttributes.ReparsePoint);
            bool isAbove = i < parts.Length - 1;
            if (isFolder != isAbove) return true;
        }
        return false;
    }

    private void Add(DirectoryInfo folder, string before)
    {
        try
        {
            foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos()) Add(entry, before + entry.Name);
        }
        catch (DirectoryNotFoundException)
        {
            // It was removed since it was listed.
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _failed.Add($"{before}: {fault.Message}");
        }
    }

    private void Add(FileSystemInfo entry, string path)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal)) _failed.Add($"{path}: its name is not UTF-8");
        else if (entry.LinkTarget is { } target) AddLink(path, target);
        else if (entry is DirectoryInfo folder) Add(folder, path + "/");
        else if (entry is FileInfo { Exists: true } file) AddFile(file, path);
    }

    private void AddLink(string path, string target)
    {
        if (ArchivePaths.IsWithin(path, target)) _files.Add(new FoundFile(path, 0, DateTime.UnixEpoch, target));
        else Leave(path, "a symbolic link that leaves the output directory");
    }

    private void Leave(string path, string why)
    {
        _left.Add($"{path}: {why}");
        _leftPaths.Add(path);
    }

    private void AddFile(FileInfo file, string path)
    {
        if (!OperatingSystem.IsWindows() && !FileStatus.IsRegular(file.FullName))
        {
            // It may be gone, too.
            if (File.Exists(file.FullName)) Leave(path, "no file, but a pipe, a socket or a device");
            return;
        }
        try
        {
            _files.Add(new FoundFile(path, file.Length, file.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            // It was removed since it was listed.
        }
    }
}

using System.Formats.Tar;

namespace Refrag.CodeArchives;

/// <summary>A folder into which the entries of an archive go, and nowhere else.</summary>
/// <param name="folder">The folder, absolute and empty.</param>
internal sealed class UnpackedFolder(string folder)
{
    private const UnixFileMode ForTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HashSet<string> _links = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds an entry. False, and nothing was written, if it could reach out of the folder: by an absolute path, by '..', through a link, or
    /// by being no file, folder or symbolic link.
    /// </summary>
    public async Task<bool> AddAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        string path = entry.EntryType == TarEntryType.Directory ? entry.Name.TrimEnd('/') : entry.Name;
        if (!ArchivePaths.IsWithin(path) || IsThroughLink(path)) return false;
        string full = Path.Combine(folder, path);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                PrivateFiles.CreateFolder(full);
                return true;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                PrivateFiles.CreateFolder(Path.GetDirectoryName(full)!);
                await WriteAsync(full, entry, cancellationToken);
                return true;
            case TarEntryType.SymbolicLink when ArchivePaths.IsWithin(path, entry.LinkName):
                PrivateFiles.CreateFolder(Path.GetDirectoryName(full)!);
                File.CreateSymbolicLink(full, entry.LinkName);
                _links.Add(path);
                return true;
            default:
                return false;
        }
    }

    private static async Task WriteAsync(string path, TarEntry entry, CancellationToken cancellationToken)
    {
        await using FileStream file = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (entry.DataStream is { } data) await data.CopyToAsync(file, cancellationToken);
        if (!OperatingSystem.IsWindows() && (entry.Mode & UnixFileMode.UserExecute) != UnixFileMode.None)
            File.SetUnixFileMode(file.SafeFileHandle, ForTheOwner);
    }

    private bool IsThroughLink(string path)
    {
        if (_links.Contains(path)) return true;
        for (int at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
        {
            if (_links.Contains(path[..at])) return true;
        }
        return false;
    }
}

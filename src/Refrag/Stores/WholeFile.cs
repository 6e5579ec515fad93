namespace Refrag.Stores;

/// <summary>Files that are under their names whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes a file beside its place and gives it its name. If the writer throws, nothing is left.
    /// </summary>
    /// <param name="path">The file; one that is there, or a link, is replaced.</param>
    /// <param name="draft">Where it is written, on the same file system.</param>
    /// <param name="isPrivate">Whether it is for its owner alone; else it has the modes that the umask gives.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="modified">The time of change that it gets; null for now.</param>
    /// <param name="isSynced">Whether it is brought to the disk first: then it is whole even if the machine loses its power.</param>
    public static async Task WriteAsync(
        string path, string draft, bool isPrivate, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken,
        DateTime? modified = null, bool isSynced = true)
    {
        try
        {
            await using (FileStream file = Create(draft, isPrivate))
            {
                await write(file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: isSynced);
            }
            if (modified is { } time) File.SetLastWriteTimeUtc(draft, time);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>
    /// Creates a small file if none has its name: of several that try at once one succeeds. A process that is killed meanwhile may leave
    /// it empty.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="isPrivate">Whether it is for its owner alone; else it has the modes that the umask gives.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="cancellationToken">Gives up before it is created.</param>
    /// <returns>Whether it was created.</returns>
    public static async Task<bool> CreateAsync(
        string path, bool isPrivate, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileStream file;
        try
        {
            // .NET locks what is opened for itself alone, and others read it meanwhile. The creation is exclusive by itself.
            file = Create(path, isPrivate, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        await using (file)
        {
            await file.WriteAsync(content, CancellationToken.None);
            await file.FlushAsync(CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        return true;
    }

    /// <summary>Creates a folder and the missing ones above it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isPrivate">Whether new ones are for their owner alone.</param>
    public static void CreateFolder(string path, bool isPrivate)
    {
        if (isPrivate) PrivateFiles.CreateFolder(path);
        else Directory.CreateDirectory(path);
    }

    private static FileStream Create(string path, bool isPrivate, FileShare share = FileShare.None) => isPrivate
        ? PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, share)
        : new FileStream(path, FileMode.CreateNew, FileAccess.Write, share);
}

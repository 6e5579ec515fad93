using Refrag.Stores;

namespace Refrag.CodeArchives;

/// <summary>
/// A store in a folder: the one of this machine, for its user alone; or one that the user named, which others may share, with the modes
/// that the umask gives.
/// </summary>
/// <param name="folder">The folder, absolute.</param>
/// <param name="time">The clock.</param>
/// <param name="unused">How long the store of this machine keeps an archive after its last use; null for one that the user named.</param>
internal sealed class FileCodeStore(string folder, TimeProvider time, TimeSpan? unused = null) : ICodeStore
{
    private const string DraftEnding = ".new";

    // No upload takes this long: what is left of one was killed.
    private static readonly TimeSpan s_longestUpload = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string UrlOf(string digest) => new Uri(PathOf(digest)).AbsoluteUri;

    /// <inheritdoc/>
    public Task<bool> HasAsync(string digest, CancellationToken cancellationToken)
    {
        string path = PathOf(digest);
        if (!File.Exists(path)) return Task.FromResult(false);
        Touch(path);
        try
        {
            Read(path).Dispose();
            return Task.FromResult(true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another user's, with other modes: a job could not read it either.
            return Task.FromResult(false);
        }
    }

    /// <inheritdoc/>
    public async Task PutAsync(string digest, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        bool isPrivate = unused is not null;
        WholeFile.CreateFolder(folder, isPrivate);
        string draft = Path.Combine(folder, $"{digest}-{Guid.NewGuid():N}{DraftEnding}");
        await WholeFile.WriteAsync(PathOf(digest), draft, isPrivate, write, cancellationToken);
        if (unused is { } longest) Prune(longest);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken)
    {
        string path = PathOf(digest);
        Touch(path);
        return Task.FromResult<Stream>(Read(path));
    }

    /// <summary>Removes archives that were not used for this long, and what killed uploads left. What cannot be removed stays.</summary>
    /// <param name="longest">How long an archive is kept after its last use.</param>
    private void Prune(TimeSpan longest)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            TimeSpan? kept = file.Name.EndsWith(CodeStores.Ending, StringComparison.Ordinal) ? longest
                : file.Name.EndsWith(DraftEnding, StringComparison.Ordinal) ? s_longestUpload
                : null;
            try
            {
                // It may have been used since the folder was listed.
                file.Refresh();
                if (now - file.LastWriteTimeUtc > kept) file.Delete();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another refrag removes it as well.
            }
        }
    }

    private static FileStream Read(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);

    // Used now. An archive that is not there is found missing by what is done with it next.
    private void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another user's in a store that is shared, or a file system without writing.
        }
    }

    private string PathOf(string digest) => Path.Combine(folder, digest + CodeStores.Ending);
}

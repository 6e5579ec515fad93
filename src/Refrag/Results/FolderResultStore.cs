using Refrag.Stores;

namespace Refrag.Results;

/// <summary>A store in a folder, which several users may share: with the modes that the umask gives.</summary>
internal sealed class FolderResultStore : IResultStore
{
    private const string Drafts = ".drafts";

    // No file takes this long: what is left of one was killed.
    private static readonly TimeSpan s_longestDraft = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private bool _isPruned;

    public FolderResultStore(string folder, TimeProvider time) => (_folder, _time) = (folder, time);

    /// <inheritdoc/>
    public string UrlOf(string name) => new Uri(PathOf(name)).AbsoluteUri;

    /// <inheritdoc/>
    public async Task PutAsync(string name, Stream content, long bytes, CancellationToken cancellationToken)
    {
        // A path without the file system that should be mounted there: what is written would go with the container.
        if (!Directory.Exists(_folder)) throw new DirectoryNotFoundException($"the folder {_folder} is not there");
        string path = PathOf(name);
        WholeFile.CreateFolder(Path.GetDirectoryName(path)!, isPrivate: false);
        string drafts = DraftsOf(name);
        WholeFile.CreateFolder(drafts, isPrivate: false);
        Prune(drafts);
        await WholeFile.WriteAsync(
            path, Path.Combine(drafts, $"{Guid.NewGuid():N}"), isPrivate: false, content.CopyToAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> GetAsync(string name, Stream output, CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException
            || (fault is IOException or UnauthorizedAccessException && IsOfAnotherKind(name)))
        {
            return false;
        }
        await using (file) await file.CopyToAsync(output, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception fault) when (fault is DirectoryNotFoundException
            || (fault is IOException or UnauthorizedAccessException && IsOfAnotherKind(name)))
        {
            // It is removed.
        }
        RemoveEmpty(Path.GetDirectoryName(name) ?? "");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    // What killed processes left, once.
    private void Prune(string drafts)
    {
        if (_isPruned) return;
        _isPruned = true;
        foreach (FileInfo draft in new DirectoryInfo(drafts).EnumerateFiles())
        {
            try
            {
                if (_time.GetUtcNow().UtcDateTime - draft.LastWriteTimeUtc > s_longestDraft) draft.Delete();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another refrag removes it as well.
            }
        }
    }

    // A folder is in the place of the file, or a file in the place of a folder above it: there is no such file.
    private bool IsOfAnotherKind(string name) =>
        Directory.Exists(PathOf(name)) || ResultIndex.Above(name).Any(above => File.Exists(PathOf(above)));

    // The folders that hold nothing any more: a file may come to the place of each.
    private void RemoveEmpty(string name)
    {
        try
        {
            for (; name.Length > 0; name = Path.GetDirectoryName(name) ?? "") Directory.Delete(PathOf(name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Something is in it, or it is gone.
        }
    }

    // In the attempt's own folder: who shares a folder for results may not write into what another has made.
    private string DraftsOf(string name)
    {
        int files = name.IndexOf("/files/", StringComparison.Ordinal);
        return Path.Combine(PathOf(files < 0 ? Path.GetDirectoryName(name)! : name[..files]), Drafts);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}

using Refrag.Aws;
using Refrag.Aws.S3;
using Refrag.CodeArchives;
using Refrag.Stores;

namespace Refrag.Results;

/// <summary>
/// A folder into which files of a store go, and nowhere else: no link in it is followed. Several files may be brought at once.
/// </summary>
/// <param name="folder">The folder, absolute.</param>
/// <param name="store">The store.</param>
/// <param name="place">Whose files.</param>
/// <param name="isSynced">Whether files are brought to the disk: not those of an attempt, which does not outlive its machine.</param>
internal sealed class ResultFolder(string folder, IResultStore store, ResultPlace place, bool isSynced)
{
    private const int Tries = 3;

    private readonly Lock _lock = new();

    /// <summary>
    /// Brings a file that the folder does not have as it is in the store. Gives what the store had, which may be newer than the index said;
    /// and whether it was brought. Throws what <see cref="ResultStores.IsFault"/> knows; <see cref="ResultGoneException"/> if the store
    /// does not have it any more.
    /// </summary>
    public async Task<(ResultFile File, bool IsNew)> BringAsync(ResultFile file, CancellationToken cancellationToken)
    {
        string path = PathOf(file.Path);
        if (file.Link is { } target) return (file, Link(path, target));
        if (await HasAsync(path, file, cancellationToken)) return (file, false);
        for (int tries = 1; ; tries++)
        {
            try
            {
                return (await FetchAsync(path, file, cancellationToken), true);
            }
            // The job stored it anew while it was read.
            catch (AwsServiceException fault) when (fault.ErrorCode == S3Objects.PreconditionFailed && tries < Tries)
            {
                continue;
            }
        }
    }

    private async Task<ResultFile> FetchAsync(string path, ResultFile file, CancellationToken cancellationToken)
    {
        ResultFile had = file;
        string draft = Path.Combine(Path.GetDirectoryName(path)!, $".refrag-{Guid.NewGuid():N}.new");
        DateTime modified = file.Modified.UtcDateTime;
        await WholeFile.WriteAsync(
            path, draft, isPrivate: false, WriteAsync, cancellationToken, IsSensible(modified) ? modified : null, isSynced);
        return had;

        async Task WriteAsync(Stream output, CancellationToken token)
        {
            await using var hashed = new HashedStream(output);
            if (!await store.GetAsync(place.NameOf(file.Attempt, file.Path), hashed, token))
                throw new ResultGoneException($"{store.UrlOf(place.NameOf(file.Attempt, file.Path))} is not there any more");
            had = file with { Bytes = output.Length, Sha256 = hashed.Digest };
        }
    }

    // Not every file system has every time, and an index may say any.
    private static bool IsSensible(DateTime time) => time.Year is >= 1970 and < 2400;

    private static async Task<bool> HasAsync(string path, ResultFile file, CancellationToken cancellationToken)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.LinkTarget is not null || info.Length != file.Bytes) return false;
        if (info.LastWriteTimeUtc == file.Modified.UtcDateTime) return true;
        try
        {
            using OutputFile there = OutputFile.Open(path);
            if (await there.DigestAsync(cancellationToken) != file.Sha256) return false;
        }
        catch (OutputFileException)
        {
            return false;
        }
        // So that it need not be read the next time.
        if (IsSensible(file.Modified.UtcDateTime)) File.SetLastWriteTimeUtc(path, file.Modified.UtcDateTime);
        return true;
    }

    private static bool Link(string path, string target)
    {
        var there = new FileInfo(path);
        if (there.LinkTarget == target) return false;
        if (there.Exists || there.LinkTarget is not null) there.Delete();
        File.CreateSymbolicLink(path, target);
        return true;
    }

    // The folders above the file are made, one by one: a link among them could lead anywhere. It is removed, as a file in their way is.
    private string PathOf(string path)
    {
        lock (_lock)
        {
            string at = folder;
            foreach (string part in path.Split('/')[..^1])
            {
                at = Path.Combine(at, part);
                var there = new FileInfo(at);
                if (there.Exists || there.LinkTarget is not null) there.Delete();
                WholeFile.CreateFolder(at, isPrivate: false);
            }
            at = Path.Combine(folder, path);
            if (new DirectoryInfo(at) is { Exists: true, LinkTarget: null })
            {
                if (Directory.EnumerateFileSystemEntries(at).Any())
                    throw new IOException($"{path} is a folder here that is not empty, and a file in the store");
                Directory.Delete(at);
            }
            return at;
        }
    }
}

/// <summary>What an index names is not in the store any more.</summary>
internal sealed class ResultGoneException(string message) : IOException(message);

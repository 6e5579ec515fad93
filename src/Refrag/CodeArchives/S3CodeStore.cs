using Refrag.Aws;
using Refrag.Aws.S3;

namespace Refrag.CodeArchives;

/// <summary>A store in a bucket. Where S3 fails, an <see cref="AwsException"/> says why.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="prefix">What stands before the names of archives; empty, or ending with a slash.</param>
/// <param name="aws">How S3 is reached.</param>
internal sealed class S3CodeStore(string bucket, string prefix, AwsClientOptions aws) : ICodeStore
{
    private const int MostReads = 4;

    // A bucket's rule knows when an object was written, not when it was used, and counts days.
    private static readonly TimeSpan s_renewed = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string UrlOf(string digest) => AddressOf(digest).ToString();

    /// <inheritdoc/>
    public async Task<bool> HasAsync(string digest, CancellationToken cancellationToken)
    {
        using var objects = new S3Objects(aws);
        return await objects.RenewAsync(AddressOf(digest), s_renewed, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PutAsync(string digest, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        // The size and the hash of a part are sent before it, so the archive is made first.
        await using FileStream draft = Draft();
        await write(draft, cancellationToken);
        draft.Position = 0;
        using var objects = new S3Objects(aws);
        await objects.PutAsync(AddressOf(digest), draft, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(string digest, CancellationToken cancellationToken)
    {
        using var objects = new S3Objects(aws);
        FileStream draft = Draft();
        try
        {
            for (int tries = 1; !await TryGetAsync(objects, digest, draft, tries < MostReads, cancellationToken); tries++)
                draft.SetLength(0);
            draft.Position = 0;
            return draft;
        }
        catch
        {
            await draft.DisposeAsync();
            throw;
        }
    }

    // A submission may renew the archive while its parts are read, which then are of two versions of the same content.
    private async Task<bool> TryGetAsync(
        S3Objects objects, string digest, FileStream draft, bool mayRepeat, CancellationToken cancellationToken)
    {
        try
        {
            await objects.GetAsync(AddressOf(digest), draft, cancellationToken);
            return true;
        }
        catch (AwsServiceException fault) when (fault.ErrorCode == S3Objects.PreconditionFailed && mayRepeat)
        {
            return false;
        }
    }

    // Without a name from the beginning, so that nothing is left of it.
    private static FileStream Draft()
    {
        string path = Path.Combine(Path.GetTempPath(), $"refrag-archive-{Guid.NewGuid():N}");
        FileStream file = PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1 << 16);
        File.Delete(path);
        return file;
    }

    private S3Address AddressOf(string digest) => new(bucket, $"{prefix}{digest}{CodeStores.Ending}");
}

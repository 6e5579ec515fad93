using System.Formats.Tar;
using System.IO.Compression;
using Refrag.Aws;
using Refrag.Stores;

namespace Refrag.CodeArchives;

/// <summary>
/// Brings the code of a job into a folder of its attempt: reads the archive, unpacks it into an empty folder and compares its hash. Only a
/// folder whose archive is the one that was submitted is returned. An archive is data of others: nothing in it may reach out of the folder.
/// </summary>
public static class CodeCheckout
{
    // A header and what fills its file's last block; and a path and the target of a link that are as long as Linux takes (PATH_MAX), each
    // with a header of its own.
    private const long HeaderBytes = (2 * 512) + (2 * (512 + 4096 + 512));

    // A small file could unpack to one that fills the disk, before its hash is known.
    private const long MostBytes = (CodeSource.MostLimit * 1024L * 1024) + ((CodeLister.MostFiles + 1) * HeaderBytes);

    /// <summary>The folder of the code; or why there is none, RF8019 to RF8023 and those of the store's URL.</summary>
    /// <param name="url">What <see cref="CodeVariables.Url"/> says.</param>
    /// <param name="digest">What <see cref="CodeVariables.Digest"/> says.</param>
    /// <param name="root">The folder for temporary files.</param>
    /// <param name="aws">How S3 is reached, and the clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<string>> MakeAsync(
        string url, string? digest, string root, AwsClientOptions aws, CancellationToken cancellationToken)
    {
        if (digest is not { Length: 64 } || !digest.All(char.IsAsciiHexDigitLower)) return CodeProblems.WrongVariables(url, digest);
        var code = new CodeReference(url, digest);
        if (!CodeStores.Of(code, aws).TryGet(out ICodeStore? store, out IReadOnlyList<Problem> problems))
            return Result<string>.Failure(problems);
        Stream archive;
        try
        {
            archive = await store.OpenAsync(digest, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return CodeProblems.NotFetched(url, fault.Message);
        }
        catch (AwsException fault)
        {
            return CodeProblems.NotFetched(url, fault.Problem.What);
        }
        await using (archive)
        {
            return await UnpackAsync(code, archive, root, cancellationToken);
        }
    }

    private static async Task<Result<string>> UnpackAsync(
        CodeReference code, Stream archive, string root, CancellationToken cancellationToken)
    {
        HeldFolder? folder = null;
        Problem? problem;
        try
        {
            folder = HeldFolder.Make(root, "code");
            problem = await UnpackAsync(code, archive, folder, cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException
            or InvalidOperationException or OverflowException or ArgumentException or NotSupportedException or OutOfMemoryException)
        {
            // The reader of tar throws any of these where a header has numbers of no meaning.
            problem = CodeProblems.Damaged(code.Url, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problem = CodeProblems.NotUnpacked(root, fault.Message);
        }
        if (problem is null) return folder!.Content;
        folder?.Remove();
        return problem;
    }

    private static async Task<Problem?> UnpackAsync(
        CodeReference code, Stream archive, HeldFolder folder, CancellationToken cancellationToken)
    {
        await using var content = new GZipStream(archive, CompressionMode.Decompress);
        await using var hashed = new HashedStream(content, MostBytes);
        await using (var tar = new TarReader(hashed, leaveOpen: true))
        {
            var unpacked = new UnpackedFolder(folder.Content);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (!await unpacked.AddAsync(entry, cancellationToken)) return CodeProblems.Unsafe(code.Url, entry.Name);
            }
        }
        // The hash is of all bytes: also of those behind the last entry.
        await hashed.CopyToAsync(Stream.Null, cancellationToken);
        return hashed.Digest == code.Digest ? null : CodeProblems.Damaged(code.Url, $"its SHA-256 is {hashed.Digest}");
    }
}

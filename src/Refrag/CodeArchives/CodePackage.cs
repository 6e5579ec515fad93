using System.IO.Compression;

namespace Refrag.CodeArchives;

/// <summary>The code of a folder and its address, before it is in a store.</summary>
public sealed class CodePackage
{
    private readonly Place? _place;
    private readonly CodeIndex? _index;

    private CodePackage(CodeListing listing, string digest, Place? place, CodeIndex? index) =>
        (Listing, Digest, _place, _index) = (listing, digest, place, index);

    /// <summary>The files.</summary>
    public CodeListing Listing { get; }

    /// <summary>SHA-256 of the archive before its compression.</summary>
    public string Digest { get; }

    /// <summary>Lists the files, and reads them unless the index knows them; or what is wrong with them, RF80xx.</summary>
    /// <param name="source">What is asked for.</param>
    /// <param name="workingDirectory">Where a relative path counts from.</param>
    /// <param name="place">Where the user asks for it.</param>
    /// <param name="index">Remembers unchanged folders; null to read the files in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<CodePackage>> MakeAsync(
        CodeSource source, string workingDirectory, Place? place, CodeIndex? index, CancellationToken cancellationToken)
    {
        DateTimeOffset began = index?.Now ?? default;
        Result<CodeListing> listed = await CodeLister.ListAsync(source, workingDirectory, place, cancellationToken);
        if (!listed.TryGet(out CodeListing? listing, out IReadOnlyList<Problem> problems)) return Result<CodePackage>.Failure(problems);
        try
        {
            Task<string> ReadAsync() => DigestAsync(listing, output: null, cancellationToken);
            string digest = await (index?.DigestAsync(listing, began, ReadAsync) ?? ReadAsync());
            return new CodePackage(listing, digest, place, index);
        }
        catch (CodeFileException fault)
        {
            return fault.ToProblem(place);
        }
    }

    /// <summary>
    /// Puts the archive into a store that does not have it. What is wrong with the files or the store, RF8010, RF8011 and RF8015; null if
    /// the store has it now.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Problem?> UploadAsync(ICodeStore store, CancellationToken cancellationToken)
    {
        try
        {
            if (!await store.HasAsync(Digest, cancellationToken)) await store.PutAsync(Digest, WriteAsync, cancellationToken);
            return null;
        }
        catch (CodeFileException fault)
        {
            _index?.Remove(Listing.Folder);
            return fault.ToProblem(_place);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return CodeProblems.NotStored(store.UrlOf(Digest), fault.Message, _place);
        }
    }

    // The files are read once more. What is not the same any more is never finished, and so never used.
    private async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        // The fastest level makes text half as large again.
        await using var compressed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        if (await DigestAsync(Listing, compressed, cancellationToken) != Digest) throw CodeFileException.Changed("A file");
    }

    private static async Task<string> DigestAsync(CodeListing listing, Stream? output, CancellationToken cancellationToken)
    {
        await using var hashed = new HashedStream(output);
        await TarFormat.WriteAsync(hashed, listing, cancellationToken);
        return hashed.Digest;
    }
}

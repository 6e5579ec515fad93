using System.Text;
using Refrag.Aws;
using Refrag.Stores;

namespace Refrag.Claims;

/// <summary>Chooses the store of claims.</summary>
public static class ClaimStores
{
    // An own folder is not found by its path: another machine may have one of the same path.
    private const string MachinePrefix = "machine-";
    private const string IdFile = "id";

    /// <summary>Whether a place is a machine's own folder, which no other machine sees.</summary>
    public static bool IsOfAMachine(string place) => place.StartsWith(MachinePrefix, StringComparison.Ordinal);

    /// <summary>The store of a URL; RF8134 if it cannot be used.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    /// <param name="aws">How S3 is reached.</param>
    public static Result<IClaimStore> Named(string url, Place? place, AwsClientOptions aws) => StoreUrl.Parse(url) switch
    {
        BucketUrl bucket => Result<IClaimStore>.Success(new S3ClaimStore(bucket.Bucket, bucket.Prefix, aws)),
        FolderUrl { Folder: var folder } => Result<IClaimStore>.Success(new FolderClaimStore(folder, url, isPrivate: false)),
        _ => WrongStore(url, place),
    };

    /// <summary>
    /// The folder of this machine, for its user alone. It is created, with an id of its own, which jobs name in their tags. RF4025 if
    /// others may write into it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<IClaimStore>> OfThisMachineAsync(string folder, CancellationToken cancellationToken)
    {
        if (PrivateFiles.SecureFolder(folder) is { } untrusted) return untrusted;
        string path = Path.Combine(folder, IdFile);
        byte[] fresh = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));
        // Beside it first, so that it is under its name whole: one of several that begin at once gives it its id.
        if (!File.Exists(path))
        {
            string draft = $"{path}-{Guid.NewGuid():N}";
            await WholeFile.CreateAsync(draft, isPrivate: true, fresh, cancellationToken);
            TryMove(draft, path);
        }
        string id = Encoding.ASCII.GetString(await File.ReadAllBytesAsync(path, cancellationToken));
        return Result<IClaimStore>.Success(new FolderClaimStore(folder, MachinePrefix + id, isPrivate: true));
    }

    /// <summary>What is wrong with the URL of a store.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    public static Problem WrongStore(string url, Place? place) => new()
    {
        Code = "RF8134",
        What = $"env.claims={url} is not a store that refrag knows",
        Cause = "Claims are kept in a bucket of S3, or in a folder that every host has under this path",
        Cure = "Write s3://BUCKET/PREFIX or file:///FOLDER, or leave it empty for this machine alone.",
        Place = place,
    };

    private static void TryMove(string draft, string path)
    {
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}

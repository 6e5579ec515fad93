using Refrag.Aws;
using Refrag.Stores;

namespace Refrag.CodeArchives;

/// <summary>Chooses the store by its URL.</summary>
public static class CodeStores
{
    // A sweep is resumed and a job is repeated within this time.
    private static readonly TimeSpan s_unused = TimeSpan.FromDays(30);

    /// <summary>How the names of archives end.</summary>
    internal const string Ending = ".tar.gz";

    /// <summary>The store that a source names; RF8013 if its URL cannot be used.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    /// <param name="aws">How S3 is reached, and the clock.</param>
    public static Result<ICodeStore> Named(string url, Place? place, AwsClientOptions aws) => StoreUrl.Parse(url) switch
    {
        BucketUrl bucket => Result<ICodeStore>.Success(new S3CodeStore(bucket.Bucket, bucket.Prefix, aws)),
        FolderUrl { Folder: var folder } => Result<ICodeStore>.Success(new FileCodeStore(folder, aws.Time)),
        _ => CodeProblems.WrongStore(url, place),
    };

    /// <summary>
    /// The store of this machine, for its user alone: when an archive is added, those that were not used for 30 days are removed. RF4025 if
    /// others may write into its folder.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    public static Result<ICodeStore> OfThisMachine(string folder, TimeProvider time)
    {
        if (PrivateFiles.CheckFolder(folder) is { } untrusted) return untrusted;
        return Result<ICodeStore>.Success(new FileCodeStore(folder, time, s_unused));
    }

    /// <summary>What is used where no store is named and the job does not run on this machine: RF8014.</summary>
    /// <param name="place">Where the code is chosen.</param>
    public static Result<ICodeStore> Elsewhere(Place? place) => CodeProblems.NeedsStore(place);

    /// <summary>The store that an archive is in.</summary>
    /// <param name="code">The archive.</param>
    /// <param name="aws">How S3 is reached, and the clock.</param>
    public static Result<ICodeStore> Of(CodeReference code, AwsClientOptions aws)
    {
        int at = code.Url.LastIndexOf('/');
        return at > 0 && code.Url[(at + 1)..] == code.Digest + Ending
            ? Named(code.Url[..at], place: null, aws)
            : CodeProblems.WrongStore(code.Url, place: null);
    }
}

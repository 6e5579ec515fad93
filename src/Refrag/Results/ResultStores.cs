using Refrag.Aws;
using Refrag.Stores;

namespace Refrag.Results;

/// <summary>Chooses the store by its URL, and says what a store's failure is.</summary>
public static class ResultStores
{
    /// <summary>The store of a URL; RF8030 if it cannot be used.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    /// <param name="aws">How S3 is reached, and the clock.</param>
    public static Result<IResultStore> Named(string url, Place? place, AwsClientOptions aws) => StoreUrl.Parse(url) switch
    {
        BucketUrl bucket => Result<IResultStore>.Success(new S3ResultStore(bucket.Bucket, bucket.Prefix, aws)),
        FolderUrl { Folder: var folder } => Result<IResultStore>.Success(new FolderResultStore(folder, aws.Time)),
        _ => ResultProblems.WrongStore(url, place),
    };

    /// <summary>
    /// Creates the folder of a store that is one, which a job expects to find; RF8038 if it cannot be created. A bucket is the user's to
    /// make.
    /// </summary>
    /// <param name="choice">The job's store; null if it has none.</param>
    /// <param name="place">Where the user named it.</param>
    public static Problem? Prepare(ResultsChoice? choice, Place? place)
    {
        if (choice is null || StoreUrl.Parse(choice.Store) is not FolderUrl { Folder: var folder } || Directory.Exists(folder)) return null;
        try
        {
            WholeFile.CreateFolder(folder, isPrivate: false);
            return null;
        }
        catch (Exception fault) when (IsFault(fault))
        {
            return ResultProblems.NoFolder(folder, fault.Message, place);
        }
    }

    /// <summary>Whether a store, or a folder of this machine, failed; anything else is a bug.</summary>
    public static bool IsFault(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or InvalidDataException or AwsException;

    /// <summary>Whether the same may succeed after a while: what is missing, refused or wrong stays so.</summary>
    internal static bool MayPass(Exception fault) => fault switch
    {
        AwsServiceException service => service.MayPass,
        ResultGoneException or FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        IOException => true,
        _ => fault is AwsConnectionException or AwsCredentialsException,
    };

    /// <summary>Why it failed, in words for a user.</summary>
    public static string Why(Exception fault) => fault is AwsException remote ? remote.Problem.What : fault.Message;
}

namespace Refrag.CodeArchives;

/// <summary>Chooses the store by its URL.</summary>
public static class CodeStores
{
    // A sweep is resumed and a job is repeated within this time.
    private static readonly TimeSpan s_unused = TimeSpan.FromDays(30);

    private const string Ending = ".tar.gz";

    /// <summary>The store that a source names; RF8013 and RF8014 if its URL cannot be used.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    /// <param name="time">The clock.</param>
    public static Result<ICodeStore> Named(string url, Place? place, TimeProvider time)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)) return CodeProblems.WrongStore(url, place);
        if (uri.Scheme == "s3") return CodeProblems.NoBuckets(url, place);
        // An absolute path alone is taken for a file URL by .NET.
        bool isFile = uri.IsFile && uri.Host.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && url.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        return isFile ? Result<ICodeStore>.Success(new FileCodeStore(uri.LocalPath, time)) : CodeProblems.WrongStore(url, place);
    }

    /// <summary>
    /// The store of this machine, for its user alone: archives that were not used for 30 days are removed. RF4025 if others may write into
    /// its folder.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock.</param>
    public static Result<ICodeStore> OfThisMachine(string folder, TimeProvider time)
    {
        if (PrivateFiles.CheckFolder(folder) is { } untrusted) return untrusted;
        var store = new FileCodeStore(folder, time);
        store.Prune(s_unused);
        return Result<ICodeStore>.Success(store);
    }

    /// <summary>What is used where no store is named and the job does not run on this machine: RF8015.</summary>
    /// <param name="place">Where the code is chosen.</param>
    public static Result<ICodeStore> Elsewhere(Place? place) => CodeProblems.NeedsStore(place);

    /// <summary>The store that an archive is in.</summary>
    /// <param name="code">The archive.</param>
    /// <param name="time">The clock.</param>
    public static Result<ICodeStore> Of(CodeReference code, TimeProvider time)
    {
        int at = code.Url.LastIndexOf('/');
        return at > 0 && code.Url[(at + 1)..] == code.Digest + Ending
            ? Named(code.Url[..at], place: null, time)
            : CodeProblems.WrongStore(code.Url, place: null);
    }
}

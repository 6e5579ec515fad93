using System.Text.RegularExpressions;
using Refrag.Aws;

namespace Refrag.CodeArchives;

/// <summary>Chooses the store by its URL.</summary>
public static partial class CodeStores
{
    // A sweep is resumed and a job is repeated within this time.
    private static readonly TimeSpan s_unused = TimeSpan.FromDays(30);

    /// <summary>How the names of archives end.</summary>
    internal const string Ending = ".tar.gz";

    /// <summary>The store that a source names; RF8013 if its URL cannot be used.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="place">Where the user named it.</param>
    /// <param name="aws">How S3 is reached, and the clock.</param>
    public static Result<ICodeStore> Named(string url, Place? place, AwsClientOptions aws)
    {
        if (Bucket().Match(url) is { Success: true } match)
        {
            string[] parts = match.Groups["prefix"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
            // They would be taken out of a URL on its way.
            if (parts.Any(part => part is "." or "..")) return CodeProblems.WrongStore(url, place);
            string prefix = string.Concat(parts.Select(part => part + "/"));
            return Result<ICodeStore>.Success(new S3CodeStore(match.Groups["bucket"].Value, prefix, aws));
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)) return CodeProblems.WrongStore(url, place);
        // An absolute path alone is taken for a file URL by .NET.
        bool isFile = uri.IsFile && uri.Host.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && url.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        return isFile ? Result<ICodeStore>.Success(new FileCodeStore(uri.LocalPath, aws.Time)) : CodeProblems.WrongStore(url, place);
    }

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

    // Names of buckets have 3 to 63 characters. (S3 User Guide, bucket naming rules) Of keys we take what needs no encoding.
    [GeneratedRegex(@"^s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>[A-Za-z0-9_.=/-]*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bucket();
}

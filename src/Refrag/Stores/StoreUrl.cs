using System.Text.RegularExpressions;

namespace Refrag.Stores;

/// <summary>Where a store is: a bucket, or a folder.</summary>
internal abstract partial record StoreUrl
{
    private protected StoreUrl() { }

    /// <summary>What a URL names: <c>s3://bucket/prefix</c> or <c>file:///path</c>; null if it is neither.</summary>
    public static StoreUrl? Parse(string url)
    {
        if (Bucket().Match(url) is { Success: true } match)
        {
            string[] parts = match.Groups["prefix"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
            // They would be taken out of a URL on its way.
            if (parts.Any(part => part is "." or "..")) return null;
            return new BucketUrl(match.Groups["bucket"].Value, string.Concat(parts.Select(part => part + "/")));
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)) return null;
        // An absolute path alone is taken for a file URL by .NET.
        bool isFile = uri.IsFile && uri.Host.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && url.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        return isFile ? new FolderUrl(uri.LocalPath) : null;
    }

    // Names of buckets have 3 to 63 characters. (S3 User Guide, bucket naming rules) Of keys we take what needs no encoding.
    [GeneratedRegex(@"^s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>[A-Za-z0-9_.=/-]*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bucket();
}

/// <summary>A store in S3.</summary>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Prefix">What stands before the names in it; empty, or ending with a slash.</param>
internal sealed record BucketUrl(string Bucket, string Prefix) : StoreUrl;

/// <summary>A store in a folder.</summary>
/// <param name="Folder">The folder, absolute.</param>
internal sealed record FolderUrl(string Folder) : StoreUrl;

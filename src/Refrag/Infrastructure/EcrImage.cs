using System.Text.RegularExpressions;
using Refrag.Aws.Ecr;

namespace Refrag.Infrastructure;

/// <summary>An image in a private ECR repository.</summary>
/// <param name="Account">The registry: an account's number.</param>
/// <param name="Region">The registry's region.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Id">Tag or digest.</param>
internal sealed partial record EcrImage(string Account, string Region, string Repository, ImageIdentifier Id)
{
    /// <summary>
    /// The image that a reference such as <c>123456789012.dkr.ecr.us-east-1.amazonaws.com/jobs:1.0.0</c> names; null for other registries.
    /// </summary>
    public static EcrImage? Parse(string reference)
    {
        if (Reference().Match(reference) is not { Success: true } match) return null;
        string id = match.Groups["id"].Value;
        return new EcrImage(
            match.Groups["account"].Value,
            match.Groups["region"].Value,
            match.Groups["repository"].Value,
            match.Groups["mark"].Value == "@" ? new ImageIdentifier { ImageDigest = id } : new ImageIdentifier { ImageTag = id });
    }

    // The domain depends on the partition; FIPS and dual-stack endpoints have names of their own. (ECR User Guide, endpoints)
    [GeneratedRegex(
        @"^(?<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.[a-z.]+(:\d+)?/"
        + @"(?<repository>[a-z0-9._/-]+)(?<mark>[:@])(?<id>\S+)$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}

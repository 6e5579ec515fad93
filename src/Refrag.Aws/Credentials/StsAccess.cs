using Amazon;
using Amazon.Runtime;
using Amazon.SecurityToken;

namespace Refrag.Aws;

/// <summary>Opens the Security Token Service in a region; without one in us-east-1, where it always is.</summary>
/// <param name="region">The region; null if none is set.</param>
internal sealed class StsAccess(string? region)
{
    // Role session names accept letters, digits and a few marks, from 2 to 64 characters. (STS AssumeRole)
    public const string DefaultSession = "refrag";

    /// <summary>A client, for the caller to dispose. The SDK itself reads AWS_ENDPOINT_URL_STS.</summary>
    public AmazonSecurityTokenServiceClient Open(AWSCredentials credentials) =>
        new(credentials, RegionEndpoint.GetBySystemName(region ?? "us-east-1"));
}

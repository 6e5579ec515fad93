using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Refrag.Aws;

/// <summary>
/// A role, assumed with other credentials and renewed before it expires. The SDK's own class finds STS by reflection, which native AOT
/// lacks.
/// </summary>
/// <param name="sts">Opens STS.</param>
/// <param name="source">The credentials to assume it with.</param>
/// <param name="role">The role's ARN.</param>
/// <param name="session">The session's name; null for <c>refrag</c>.</param>
/// <param name="externalId">The external id that the role's owner asks for; null if there is none.</param>
/// <param name="seconds">How long the keys last; null for the role's default.</param>
internal sealed class RoleCredentials(
    StsAccess sts, AWSCredentials source, string role, string? session, string? externalId, int? seconds) : RefreshingAWSCredentials
{
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        using AmazonSecurityTokenServiceClient client = sts.Open(source);
        var request = new AssumeRoleRequest
        {
            RoleArn = role,
            RoleSessionName = session ?? StsAccess.DefaultSession,
            ExternalId = externalId,
            DurationSeconds = seconds,
        };
        Credentials keys = (await client.AssumeRoleAsync(request)).Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), keys.Expiration!.Value);
    }
}

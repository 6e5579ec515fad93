using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Refrag.Aws;

/// <summary>A role, assumed with a token that someone else issued and keeps fresh in a file.</summary>
/// <param name="sts">Opens STS.</param>
/// <param name="role">The role's ARN.</param>
/// <param name="session">The session's name; null for <c>refrag</c>.</param>
/// <param name="tokenFile">The file with the token; read at each renewal.</param>
internal sealed class WebIdentityCredentials(StsAccess sts, string role, string? session, string tokenFile) : RefreshingAWSCredentials
{
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        string token = (await File.ReadAllTextAsync(tokenFile)).Trim();
        using AmazonSecurityTokenServiceClient client = sts.Open(new AnonymousAWSCredentials());
        var request = new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = role,
            RoleSessionName = session ?? StsAccess.DefaultSession,
            WebIdentityToken = token,
        };
        Credentials keys = (await client.AssumeRoleWithWebIdentityAsync(request)).Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), keys.Expiration!.Value);
    }
}

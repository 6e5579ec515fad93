using Amazon.Runtime;
using Amazon.RuntimeDependencies;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace Refrag.Aws;

/// <summary>
/// Credentials from a login that <c>aws sso login</c> left in its cache. refrag renews the token, but never opens a browser.
/// </summary>
internal static class SsoCredentials
{
    // The SDK looks its SSO clients up by reflection, which native AOT does not have; so they are given to it. This is the SDK's one global
    // place for that.
    static SsoCredentials()
    {
        var registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSSOClient(
            static context => new AmazonSSOClient(new AnonymousAWSCredentials(), context.SSOClientContextData.Region));
        registry.RegisterSSOOIDCClient(
            static context => new AmazonSSOOIDCClient(new AnonymousAWSCredentials(), context.SSOOIDCClientContextData.Region));
    }

    public static Result<CredentialSource> Make(string name, IReadOnlyDictionary<string, string> profile, AwsProfiles profiles)
    {
        string? session = profile.GetValueOrDefault("sso_session");
        IReadOnlyDictionary<string, string>? place = session is null ? profile : profiles.SsoSession(session);
        if (place is null)
            return SettingProblems.BadCredentials(
                $"profile {name}", $"there is no sso-session {session}", $"Run `aws configure sso --profile {name}`.");
        string? url = place.GetValueOrDefault("sso_start_url"), region = place.GetValueOrDefault("sso_region"), role =
            profile.GetValueOrDefault("sso_role_name");
        if (url is null || region is null || role is null)
            return SettingProblems.BadCredentials(
                $"profile {name}", "it lacks sso_start_url, sso_region or sso_role_name", $"Run `aws configure sso --profile {name}`.");
        var credentials =
            new SSOAWSCredentials(profile["sso_account_id"], region, role, url,
                new SSOAWSCredentialsOptions { SessionName = session, SupportsGettingNewToken = false });
        return new CredentialSource($"profile {name} (SSO)", credentials, $"Run `aws sso login --profile {name}`.");
    }
}

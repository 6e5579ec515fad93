using System.Globalization;
using Amazon.Runtime;

namespace Refrag.Aws;

/// <summary>
/// Makes credentials from a profile: a role over another source, a web identity, SSO, keys, or a program that prints them.
/// </summary>
/// <param name="options">Names the environment.</param>
internal sealed class ProfileCredentials(AwsClientOptions options)
{
    private static readonly string[] s_keys = ["role_arn", "sso_account_id", "aws_access_key_id", "credential_process"];

    /// <summary>Whether a profile says anything about credentials; many only set a region.</summary>
    public static bool IsAny(IReadOnlyDictionary<string, string>? settings) => settings is not null && s_keys.Any(settings.ContainsKey);

    public Result<CredentialSource> Make(string name) => Make(name, []);

    private Result<CredentialSource> Make(string name, IReadOnlyList<string> chain)
    {
        if (options.Environment.Profiles.Profile(name) is not { } profile)
            return Bad(name, "there is no such profile", "Correct source_profile.");
        bool isAgain = chain.Contains(name);
        // A profile may name itself as its source: then its own keys are meant, not its role again.
        if (isAgain && chain[^1] != name)
            return Bad(name, $"source_profile goes in a circle: {string.Join(" → ", chain)} → {name}", "Break the circle.");
        if (!isAgain && profile.ContainsKey("role_arn")) return Role(name, profile, [.. chain, name]);
        if (profile.ContainsKey("sso_account_id")) return SsoCredentials.Make(name, profile, options.Environment.Profiles);
        if (profile.GetValueOrDefault("aws_access_key_id") is { } id) return Keys(name, profile, id);
        if (profile.GetValueOrDefault("credential_process") is { } command)
            return new CredentialSource($"profile {name} (credential_process)", new ProcessAWSCredentials(command),
                $"Run it yourself and look at what it prints: {command}");
        return Bad(name, "it has neither role_arn, sso_account_id, aws_access_key_id nor credential_process",
            $"Run `aws configure --profile {name}`.");
    }

    private static Result<CredentialSource> Keys(string name, IReadOnlyDictionary<string, string> profile, string id) =>
        profile.GetValueOrDefault("aws_secret_access_key") is { } secret
            ? new CredentialSource($"profile {name}", CredentialChain.Keys(id, secret, profile.GetValueOrDefault("aws_session_token")),
            "Check the profile's keys.")
            : Bad(name, "it has aws_access_key_id, but no aws_secret_access_key", $"Run `aws configure --profile {name}`.");

    private Result<CredentialSource> Role(string name, IReadOnlyDictionary<string, string> profile, IReadOnlyList<string> chain)
    {
        string role = profile["role_arn"];
        var sts = new StsAccess(RegionChoice.Make(options, new AwsProfileChoice(name, profile, IsNamed: true, Problem: null))?.Value);
        string? session = profile.GetValueOrDefault("role_session_name") ?? options.Environment.Variable("AWS_ROLE_SESSION_NAME");
        if (profile.ContainsKey("mfa_serial"))
            return Bad(name, "its role wants a code of an MFA device, which refrag does not ask for",
                "Fetch temporary keys with `aws sts assume-role … --token-code`, or use credential_process.");
        if (profile.GetValueOrDefault("web_identity_token_file") is { } token)
            return new CredentialSource($"profile {name}", new WebIdentityCredentials(sts, role, session, token),
                "Check web_identity_token_file and that the role trusts its issuer.");
        Result<CredentialSource> source = Source(name, profile, chain);
        if (!source.IsSuccess) return source;
        int? seconds = int.TryParse(profile.GetValueOrDefault("duration_seconds"), CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
        var credentials =
            new RoleCredentials(sts, source.Value.Credentials, role, session, profile.GetValueOrDefault("external_id"), seconds);
        return new CredentialSource(
            $"profile {name} (role {role} over {source.Value.Name})", credentials, $"Check that {source.Value.Name} may assume {role}.");
    }

    private Result<CredentialSource> Source(string name, IReadOnlyDictionary<string, string> profile, IReadOnlyList<string> chain) =>
        (profile.GetValueOrDefault("source_profile"), profile.GetValueOrDefault("credential_source")) switch
        {
            ({ } source, _) => Make(source, chain),
            (_, "Environment") =>
                CredentialChain.EnvironmentKeys(options.Environment)
                    ?? Bad(name, "credential_source is Environment, but AWS_ACCESS_KEY_ID is not set", "Set it and its secret."),
            (_, "EcsContainer") =>
                CredentialChain.Container(options.Environment) is { } container
                    ? container
                    : Bad(name, "credential_source is EcsContainer, but this is not an ECS container", "Choose another credential_source."),
            (_, "Ec2InstanceMetadata") => InstanceMetadata.Source(options),
            (_, { } other) => Bad(name, $"credential_source is {other}", "Use Environment, EcsContainer or Ec2InstanceMetadata."),
            _ => Bad(
                name, "it has role_arn, but neither source_profile, credential_source nor web_identity_token_file", "Add source_profile."),
        };

    private static Result<CredentialSource> Bad(string name, string why, string cure) =>
        SettingProblems.BadCredentials($"profile {name}", why, cure);
}

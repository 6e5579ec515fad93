using Amazon.Runtime;

namespace Refrag.Aws;

/// <summary>Chooses the source of credentials, in the order of AWS's own tools.</summary>
internal static class CredentialChain
{
    private const string Looked =
        "AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_WEB_IDENTITY_TOKEN_FILE, the default profile, the container's and the instance's metadata";

    public static async Task<Result<CredentialSource>> FindAsync(AwsClientOptions options, CancellationToken cancellationToken)
    {
        AwsEnvironment environment = options.Environment;
        AwsProfileChoice profile = AwsProfileChoice.Make(options);
        if (options.Profile is not null) return FromProfile(options, profile);
        if (EnvironmentKeys(environment) is { } keys) return keys;
        if (profile.IsNamed) return FromProfile(options, profile);
        if (environment.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is { } token) return WebIdentity(options, profile, token);
        if (ProfileCredentials.IsAny(profile.Settings)) return FromProfile(options, profile);
        if (Container(environment) is { } container) return container;
        return await InstanceMetadata.FindAsync(options, cancellationToken) is { } instance
            ? instance
            : SettingProblems.NoCredentials(Looked);
    }

    public static CredentialSource? Container(AwsEnvironment environment) =>
        (environment.Variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            ?? environment.Variable("AWS_CONTAINER_CREDENTIALS_FULL_URI")) is null ? null
        : new("the container's metadata", new GenericContainerCredentials(),
        "Check the role of the task, and AWS_CONTAINER_CREDENTIALS_FULL_URI.");

    public static Result<CredentialSource>? EnvironmentKeys(AwsEnvironment environment) =>
        (environment.Variable("AWS_ACCESS_KEY_ID"), environment.Variable("AWS_SECRET_ACCESS_KEY")) switch
        {
            ({ } id, { } secret) =>
                new CredentialSource(
                    "the environment", Keys(id, secret, environment.Variable("AWS_SESSION_TOKEN")),
                    "Check AWS_ACCESS_KEY_ID and its secret."),
            ({ }, null) =>
                SettingProblems.BadCredentials(
                    "the environment", "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not", "Set both or none."),
            (null, { }) =>
                SettingProblems.BadCredentials(
                    "the environment", "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not", "Set both or none."),
            _ => null,
        };

    public static AWSCredentials Keys(string id, string secret, string? token) =>
        token is null ? new BasicAWSCredentials(id, secret) : new SessionAWSCredentials(id, secret, token);

    private static Result<CredentialSource> FromProfile(AwsClientOptions options, AwsProfileChoice profile) =>
        profile.Problem is { } missing ? missing : new ProfileCredentials(options).Make(profile.Name);

    private static Result<CredentialSource> WebIdentity(AwsClientOptions options, AwsProfileChoice profile, string tokenFile)
    {
        if (options.Environment.Variable("AWS_ROLE_ARN") is not { } role)
            return SettingProblems.BadCredentials(
                "the web identity", "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not", "Set both or none.");
        var sts = new StsAccess(RegionChoice.Make(options, profile)?.Value);
        var credentials = new WebIdentityCredentials(sts, role, options.Environment.Variable("AWS_ROLE_SESSION_NAME"), tokenFile);
        return new CredentialSource(
            $"the web identity for {role}", credentials, "Check AWS_WEB_IDENTITY_TOKEN_FILE and that the role trusts its issuer.");
    }
}

namespace Refrag.Aws;

/// <summary>Missing or wrong settings in words for a user. RF3008–RF3012.</summary>
internal static class SettingProblems
{
    public static Problem NoRegion() => new()
    {
        Code = "RF3008",
        What = "no AWS region is set",
        Cure = "Set env.region=us-east-1 (or your own), AWS_REGION, or `region` in the profile.",
        Place = new VariablePlace("AWS_REGION", Value: null),
    };

    public static Problem BadEndpoint(string url, string source) => new()
    {
        Code = "RF3009",
        What = $"the endpoint {LimitProblems.Quote(url)} is not a URL of http or https",
        Cause = $"it comes from {source}",
        Cure = "Write it in full, such as http://127.0.0.1:5000.",
    };

    public static Problem NoProfile(string name, AwsClientOptions options)
    {
        IReadOnlyList<string> known = options.Environment.Profiles.Names;
        return new()
        {
            Code = "RF3010",
            What = $"there is no AWS profile {LimitProblems.Quote(name)}",
            Cause = known.Count > 0 ? $"AWS's files have {string.Join(", ", known)}" : "AWS's files have no profile at all",
            Cure = $"Correct env.profile or AWS_PROFILE, or run `aws configure --profile {name}`.{Suggestion.Sentence(name, known)}",
            Place = options.Profile is null ? new VariablePlace("AWS_PROFILE", name) : null,
        };
    }

    public static Problem NoCredentials(string looked) => new()
    {
        Code = "RF3011",
        What = "there are no AWS credentials",
        Cause = $"checked {looked}",
        Cure = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure` or `aws sso login`, or name a profile with "
            + "env.profile. "
            + "`env=local` and `--dry-run` need none.",
    };

    public static Problem BadCredentials(string source, string why, string cure) => new()
    {
        Code = "RF3012",
        What = $"the AWS credentials of {source} cannot be used",
        Cause = why,
        Cure = cure,
    };
}

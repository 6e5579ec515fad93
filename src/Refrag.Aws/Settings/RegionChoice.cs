namespace Refrag.Aws;

/// <summary>Chooses the region. AWS's own tools differ here (some read only one of the two variables), so both are read.</summary>
internal static class RegionChoice
{
    public static (string Value, string Source)? Make(AwsClientOptions options, AwsProfileChoice profile)
    {
        if (options.Region is { Length: > 0 } given) return (given, "env.region");
        foreach (string name in (string[])["AWS_REGION", "AWS_DEFAULT_REGION"])
        {
            if (options.Environment.Variable(name) is { } value) return (value, name);
        }
        return profile.Setting("region") is { } set ? (set, $"profile {profile.Name}") : null;
    }
}

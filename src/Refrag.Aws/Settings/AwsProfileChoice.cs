namespace Refrag.Aws;

/// <summary>The profile that is in force.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Its settings; null if there is no such profile.</param>
/// <param name="IsNamed">Whether someone asked for it, by option or AWS_PROFILE, rather than it being the default.</param>
/// <param name="Problem">Set where someone asked for a profile that does not exist.</param>
internal sealed record AwsProfileChoice(string Name, IReadOnlyDictionary<string, string>? Settings, bool IsNamed, Problem? Problem)
{
    public static AwsProfileChoice Make(AwsClientOptions options)
    {
        string? named = options.Profile ?? options.Environment.Variable("AWS_PROFILE");
        string name = named ?? "default";
        IReadOnlyDictionary<string, string>? settings = options.Environment.Profiles.Profile(name);
        Problem? problem = named is not null && settings is null ? SettingProblems.NoProfile(name, options) : null;
        return new AwsProfileChoice(name, settings, named is not null, problem);
    }

    public string? Setting(string key) => Settings?.GetValueOrDefault(key);
}

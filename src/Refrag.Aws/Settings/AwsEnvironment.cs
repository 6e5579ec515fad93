namespace Refrag.Aws;

/// <summary>Where settings come from outside the program: environment variables and AWS's two configuration files.</summary>
/// <param name="variable">The value of an environment variable; null or blank where it is not set.</param>
/// <param name="readFile">The text of a file; null if there is none.</param>
public sealed class AwsEnvironment(Func<string, string?> variable, Func<string, string?> readFile)
{
    private readonly Lazy<AwsProfiles> _profiles = new(() => Read(variable, readFile));

    /// <summary>The environment of this process.</summary>
    public static AwsEnvironment OfProcess() =>
        new(Environment.GetEnvironmentVariable, static path => File.Exists(path) ? File.ReadAllText(path) : null);

    /// <summary>The variable's value; null if it is not set or blank.</summary>
    public string? Variable(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>The profiles of both files, read at the first use.</summary>
    internal AwsProfiles Profiles => _profiles.Value;

    private static AwsProfiles Read(Func<string, string?> variable, Func<string, string?> readFile)
    {
        string home = variable("HOME") ?? variable("USERPROFILE") ?? "";
        string? Text(string name, string file) =>
            readFile(
                variable(name) is { Length: > 0 } given
                    ? given.Replace("~/", home + "/", StringComparison.Ordinal)
                    : Path.Combine(home, ".aws", file));
        return AwsProfiles.Parse(Text("AWS_CONFIG_FILE", "config"), Text("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
    }
}

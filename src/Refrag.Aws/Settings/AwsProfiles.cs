namespace Refrag.Aws;

/// <summary>
/// The sections of <c>~/.aws/config</c> and <c>~/.aws/credentials</c>: profiles, SSO sessions and service endpoints. The SDK reads these
/// files too, but shows neither the <c>services</c> sections nor from which file a value came.
/// </summary>
internal sealed class AwsProfiles
{
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);

    /// <summary>The names of all profiles, in the alphabet's order.</summary>
    public IReadOnlyList<string> Names =>
        [.. _sections.Keys
            .Where(k => k.StartsWith("profile ", StringComparison.Ordinal))
            .Select(k => k["profile ".Length..]).Order(StringComparer.Ordinal)];

    /// <summary>The settings of a profile; null if it does not exist.</summary>
    public IReadOnlyDictionary<string, string>? Profile(string name) => _sections.GetValueOrDefault($"profile {name}");

    /// <summary>The settings of an <c>sso-session</c> section; null if it does not exist.</summary>
    public IReadOnlyDictionary<string, string>? SsoSession(string name) => _sections.GetValueOrDefault($"sso-session {name}");

    /// <summary>The settings of a <c>services</c> section, nested keys with a dot; null if it does not exist.</summary>
    public IReadOnlyDictionary<string, string>? Services(string name) => _sections.GetValueOrDefault($"services {name}");

    /// <summary>Reads both files.</summary>
    /// <param name="config">The text of the configuration file; null if there is none.</param>
    /// <param name="credentials">The text of the credentials file, which wins; null if there is none.</param>
    public static AwsProfiles Parse(string? config, string? credentials)
    {
        var profiles = new AwsProfiles();
        if (config is not null) profiles.Add(config, isCredentials: false);
        if (credentials is not null) profiles.Add(credentials, isCredentials: true);
        return profiles;
    }

    private void Add(string text, bool isCredentials)
    {
        Dictionary<string, string>? section = null;
        string parent = "";
        foreach (string raw in text.Split('\n'))
        {
            string line = WithoutComment(raw.TrimEnd());
            if (line.Length == 0) continue;
            if (line[0] == '[') (section, parent) = (Section(line.Trim('[', ']', ' '), isCredentials), "");
            else if (section is not null && line.Split('=', 2) is [var left, var right]) parent = Set(section, parent, left, right.Trim());
        }
    }

    // An indented line belongs to the last key that had no value of its own.
    private static string Set(Dictionary<string, string> section, string parent, string left, string value)
    {
        string key = left.Trim();
        if (char.IsWhiteSpace(left[0]) && parent.Length > 0)
        {
            section[$"{parent}.{key}"] = value;
            return parent;
        }
        if (value.Length > 0) section[key] = value;
        return value.Length == 0 ? key : "";
    }

    private Dictionary<string, string>? Section(string header, bool isCredentials)
    {
        string[] words = header.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? key = words switch
        {
            [var name] when isCredentials || name == "default" => $"profile {name}",
            ["profile" or "sso-session" or "services", var name] => $"{words[0]} {name.Trim('"', '\'')}",
            _ => null,
        };
        if (key is null) return null;
        if (!_sections.TryGetValue(key, out Dictionary<string, string>? section))
            _sections[key] = section = new(StringComparer.OrdinalIgnoreCase);
        return section;
    }

    private static string WithoutComment(string line)
    {
        if (line.TrimStart() is ['#' or ';', ..]) return "";
        int hash = line.IndexOf(" #", StringComparison.Ordinal);
        return (hash < 0 ? line : line[..hash]).TrimEnd();
    }
}

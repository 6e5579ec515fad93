using System.Globalization;
using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>
/// Typed reading of a resolved configuration. What does not fit becomes a problem that points at where the value was written, and
/// reading continues, so that all mistakes are reported at once.
/// </summary>
internal sealed class ValueReader(ConfigMapping config, Func<string, Place?> placeOf) : SpecPlaces
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public override Place? Of(string key) => placeOf(key);

    /// <summary>The text of a scalar; null if it is absent, null or empty.</summary>
    public string? Text(string key)
    {
        if (Find(key) is not { } node) return null;
        if (ScalarText(node) is { } text) return text.Length > 0 ? text : null;
        Wrong("RF2000", key, $"{key} is {Kind(node)} where one value is wanted", "Give one value.");
        return null;
    }

    /// <summary>A whole number within limits; null if it is absent, null or empty.</summary>
    public int? Whole(string key, int least, int most)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            && number <= most)
            return number;
        Wrong("RF2001", key, $"{key}={text} is not a whole number from {least} to {most:N0}",
            $"Write one, such as {key}={Math.Max(least, 1)}.");
        return null;
    }

    public MebiBytes? Memory(string key) => Text(key) is { } text ? Memory(key, text) : null;

    /// <summary>An amount of memory that was read already.</summary>
    public MebiBytes? Memory(string key, string text)
    {
        if (MemorySize.Parse(text, out (string Cause, string Cure) fault) is { } memory) return memory;
        Wrong("RF2001", key, $"{key}={text} is not a valid amount of memory", fault.Cure, fault.Cause);
        return null;
    }

    public TimeSpan? Duration(string key, TimeSpan least)
    {
        if (Text(key) is not { } text) return null;
        if (Jobs.Duration.Parse(text) is not { } time)
        {
            Wrong("RF2001", key, $"{key}={text} is not a valid duration", $"Write 8h, 90m, 1h30m or 3600 (seconds): {key}=8h.");
            return null;
        }
        if (time >= least) return time;
        Wrong("RF2001", key, $"{key}={text} is less than the {least.TotalSeconds:N0} seconds that Batch demands",
            $"Write {key}={least.TotalSeconds} or more.");
        return null;
    }

    /// <summary>The texts of a list of scalars; empty where it is absent or null. A single scalar counts as a list of one.</summary>
    public IReadOnlyList<string> List(string key)
    {
        if (Find(key) is not { } node) return [];
        if (ScalarText(node) is { Length: > 0 } single) return [single];
        if (node is not ConfigList list)
        {
            Wrong("RF2000", key, $"{key} is {Kind(node)} where a list is wanted", $"Write {key}=[a,b].");
            return [];
        }
        List<string> texts = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (ScalarText(list[i]) is { } text) texts.Add(text);
            else Wrong("RF2000", $"{key}.{i}", $"{key}[{i}] is {Kind(list[i])} where one value is wanted", "Give one value.");
        }
        return texts;
    }

    /// <summary>The texts of a mapping of scalars in its order; empty where it is absent or null. Null values are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts(string key)
    {
        List<KeyValuePair<string, string>> texts = [];
        foreach ((string name, ConfigNode value) in Entries(key))
        {
            if (ScalarText(value) is { } text) texts.Add(new(name, text));
            else Wrong("RF2000", $"{key}.{name}", $"{key}.{name} is {Kind(value)} where one value is wanted", "Give one value.");
        }
        return texts;
    }

    /// <summary>The entries of a mapping in its order; empty where it is absent or null. Null values are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigNode>> Entries(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node is not ConfigMapping mapping)
        {
            Wrong("RF2000", key, $"{key} is {Kind(node)} where names and values are wanted",
                $"Write {key}.NAME=value, or {key}={{NAME: value}}.");
            return [];
        }
        List<KeyValuePair<string, ConfigNode>> entries = [];
        foreach ((ConfigKey name, ConfigNode value, _) in mapping)
        {
            if (!value.IsNull) entries.Add(new(name.ToString(), value));
        }
        return entries;
    }

    /// <summary>The node at a dotted key; null if it is absent or null.</summary>
    public ConfigNode? Find(string key)
    {
        ConfigNode? node = config;
        foreach (string part in key.Split('.'))
        {
            if (node is not ConfigMapping mapping || !mapping.TryGetValue(part, out node)) return null;
        }
        return node.IsNull ? null : node;
    }

    public void Wrong(string code, string key, string what, string cure, string? cause = null) =>
        Report(new Problem { Code = code, What = what, Cause = cause, Cure = cure, Place = placeOf(key) });

    /// <summary>Takes a problem that shows what it is to show, and no place.</summary>
    public void Report(Problem problem) => _problems.Add(problem);

    // Booleans as YAML and JSON write them, not as Python does: programs outside Python read them.
    private static string? ScalarText(ConfigNode node) => (node as ConfigScalar)?.Boolean switch
    {
        true => "true",
        false => "false",
        null => (node as ConfigScalar)?.ToString(),
    };

    private static string Kind(ConfigNode node) => node is ConfigMapping ? "a mapping" : "a list";
}

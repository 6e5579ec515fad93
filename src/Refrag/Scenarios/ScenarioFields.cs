using System.Globalization;
using Refrag.Aws;
using Refrag.Composition.Tree;
using Refrag.Jobs;

namespace Refrag.Scenarios;

/// <summary>The keys of one mapping of a file, each read once; what is wrong is collected with its place.</summary>
public sealed class ScenarioFields
{
    private readonly ConfigMapping _mapping;
    private readonly List<Problem> _problems;
    private readonly HashSet<string> _known = [];

    /// <summary>Begins to read a mapping.</summary>
    /// <param name="node">The mapping; nothing stands for an empty one.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public ScenarioFields(ConfigNode node, List<Problem> problems)
    {
        _problems = problems;
        _mapping = node as ConfigMapping ?? ConfigMapping.Empty;
        if (node is not (ConfigMapping or { IsNull: true }))
            Wrong(node, "this is not a mapping of keys to values", "Write keys and values, such as `what: spot_reclaim`.");
    }

    /// <summary>A text; null if it is not given.</summary>
    public string? Text(string key, bool isRequired = false) => Find(key, isRequired) is { } node
        ? node is ConfigScalar { Text: { Length: > 0 } text } ? text : Refuse<string>(node, key, "a text", "type: g5.*")
        : null;

    /// <summary>The name of a region.</summary>
    public string? Region(string key)
    {
        string? name = Text(key);
        if (name is null || AwsRegions.OfBatch.Contains(name)) return name;
        Wrong(Find(key, false)!, $"{name} is not a region that has AWS Batch.{Suggestion.Sentence(name, AwsRegions.OfBatch)}".TrimEnd('.'),
            "Write one, as in `region: eu-west-1`, or leave it out for every region.");
        return null;
    }

    /// <summary>Reports a key that must be given and is not.</summary>
    public void Require(string key) => Find(key, isRequired: true);

    /// <summary>True or false.</summary>
    public bool? Flag(string key) =>
        Find(key, false) is { } node
            ? node is ConfigScalar { Boolean: { } flag } ? flag : RefuseValue<bool>(node, key, "true or false", "spot: true")
            : null;

    /// <summary>A whole number.</summary>
    public long? Whole(string key, long least) => Find(key, false) is { } node
        ? node is ConfigScalar { Int64: { } number } && number >= least && number <= int.MaxValue
        ? number
        : RefuseValue<long>(node, key, $"a whole number of at least {least}", $"{key}: {least}")
        : null;

    /// <summary>A number above 0.</summary>
    public double? Number(string key, double most, bool isRequired = false)
    {
        if (Find(key, isRequired) is not { } node) return null;
        double? number = node is ConfigScalar scalar ? scalar.Float ?? scalar.Int64 : null;
        return number > 0 && number <= most
            ? number
            : RefuseValue<double>(
            node, key, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and at most {most}"), $"{key}: 0.5");
    }

    /// <summary>A duration.</summary>
    public TimeSpan? Time(string key, bool isRequired = false)
    {
        if (Find(key, isRequired) is not { } node) return null;
        string? text = node is ConfigScalar scalar ? scalar.Text ?? scalar.Int64?.ToString(CultureInfo.InvariantCulture) : null;
        return text is not null && Duration.Parse(text) is { } time ? time : RefuseValue<TimeSpan>(node, key, "a duration", $"{key}: 90s");
    }

    /// <summary>A time of day such as <c>08:30</c>, up to <c>24:00</c>.</summary>
    public TimeSpan? TimeOfDay(string key)
    {
        if (Find(key, isRequired: true) is not { } node) return null;
        string text = (node as ConfigScalar)?.Text ?? "";
        if (text == "24:00") return TimeSpan.FromHours(24);
        return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? time.ToTimeSpan()
            : RefuseValue<TimeSpan>(node, key, "a time of day", $"{key}: \"08:30\"");
    }

    /// <summary>A mapping of keys; null if it is not given.</summary>
    public ConfigMapping? Child(string key) =>
        Find(key, isRequired: false) is { } node
            ? node as ConfigMapping ?? Refuse<ConfigMapping>(node, key, "a mapping of keys to values", $"{key}: {{most: 64}}")
            : null;

    /// <summary>A mapping of names; empty if it is not given.</summary>
    public IEnumerable<(string Name, ConfigNode Value)> Names(string key, bool isRequired = false)
    {
        if (Find(key, isRequired) is not { } node) return [];
        if (node is ConfigMapping mapping) return mapping.Select(entry => (entry.Key.ToString(), entry.Value));
        Refuse<ConfigMapping>(node, key, "a mapping of names", $"{key}: {{cpu: {{…}}}}");
        return [];
    }

    /// <summary>A list of texts; empty if it is not given.</summary>
    public IReadOnlyList<string> Texts(string key, bool isRequired = false)
    {
        if (Find(key, isRequired) is not { } node) return [];
        if (node is ConfigList list && list.All(item => item is ConfigScalar { Text.Length: > 0 }))
            return [.. list.Select(item => ((ConfigScalar)item).Text!)];
        Refuse<ConfigList>(node, key, "a list of texts", $"{key}: [one, two]");
        return [];
    }

    /// <summary>Reports a value that its key takes and that is wrong all the same.</summary>
    public void Wrong(string key, string what, string cure) => Wrong(Find(key, false)?.Origin ?? _mapping.Origin, what, cure);

    /// <summary>A list.</summary>
    public ConfigList? List(string key) =>
        Find(key, false) is { } node
            ? node as ConfigList ?? Refuse<ConfigList>(node, key, "a list", $"{key}: [{{what: spot_reclaim}}]")
            : null;

    /// <summary>Whether a key is given.</summary>
    public bool Has(string key) => Find(key, isRequired: false) is not null;

    /// <summary>A list of texts, or one text; null if it is not given.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Find(key, isRequired: false) is not { } node) return null;
        IEnumerable<ConfigNode> items = node is ConfigList list ? list : [node];
        string?[] texts = [.. items.Select(item => (item as ConfigScalar)?.Text)];
        return texts.All(text => text is { Length: > 0 })
            ? [.. texts.OfType<string>()]
            : Refuse<IReadOnlyList<string>>(node, key, "a list of texts", $"{key}: [ada, grace]");
    }

    /// <summary>A mapping of texts to texts; null if it is not given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Mapping(string key)
    {
        if (Find(key, isRequired: false) is not { } node) return null;
        return node is ConfigMapping mapping && mapping.All(entry => entry.Value is ConfigScalar { IsNull: false })
            ? [.. mapping.Select(entry => KeyValuePair.Create(entry.Key.ToString(), entry.Value.ToString()!))]
            : Refuse<IReadOnlyList<KeyValuePair<string, string>>>(node, key, "a mapping of names to texts", $"{key}: {{project: vision}}");
    }

    /// <summary>One of several names.</summary>
    public T? Choice<T>(string key, IReadOnlyDictionary<string, T> choices)
        where T : class
    {
        if (Find(key, isRequired: true) is not { } node) return null;
        if (node is ConfigScalar { Text: { } name } && choices.TryGetValue(name, out T? chosen)) return chosen;
        Wrong(node, $"there is no {key} {node}.{Suggestion.Sentence(node.ToString(), choices.Keys)}".TrimEnd('.'),
            $"Choose one of {string.Join(", ", choices.Keys)}.");
        return null;
    }

    /// <summary>Rejects unknown keys.</summary>
    public void Finish()
    {
        foreach (ConfigEntry entry in _mapping.Where(entry => !_known.Contains(entry.Key.ToString())))
            Wrong(entry.KeyMark.ToPlace(),
                $"there is no key {entry.Key} here.{Suggestion.Sentence(entry.Key.ToString(), _known)}".TrimEnd('.'),
                $"Use {string.Join(", ", _known)}.");
    }

    private ConfigNode? Find(string key, bool isRequired)
    {
        _known.Add(key);
        ConfigNode? found = _mapping.FirstOrDefault(entry => entry.Key.ToString() == key).Value;
        if (found is not null || !isRequired) return found;
        Wrong(_mapping, $"the key {key} is missing", $"Add it: `{key}: …`.");
        return null;
    }

    private T? Refuse<T>(ConfigNode node, string key, string wanted, string example)
        where T : class
    {
        Wrong(node, $"{key} is not {wanted}", $"Write it as in `{example}`.");
        return null;
    }

    private T? RefuseValue<T>(ConfigNode node, string key, string wanted, string example)
        where T : struct
    {
        Wrong(node, $"{key} is not {wanted}", $"Write it as in `{example}`.");
        return null;
    }

    private void Wrong(ConfigNode node, string what, string cure) => Wrong(node.Origin, what, cure);

    private void Wrong(Place? place, string what, string cure) =>
        _problems.Add(new Problem { Code = "RF5033", What = what, Cure = cure, Place = place });
}

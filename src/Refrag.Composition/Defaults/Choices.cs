using Refrag.Composition.ConfigFiles;
using Refrag.Composition.Overrides;

namespace Refrag.Composition.Defaults;

/// <summary>
/// Which option each group gets. The command line is registered first and files as the tree is walked backwards, and the first one stays:
/// so the command line wins over files, and a later file over an earlier one.
/// </summary>
internal sealed class Choices
{
    private readonly OrderedDictionary<string, Choice> _choices = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Deletion> _deletions = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _keysOfGroup = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DefaultsNode> _origins = new(StringComparer.Ordinal);

    /// <summary>Override key → option, in the order in which the tree was walked.</summary>
    public OrderedDictionary<string, string?> Known => _known;

    public IEnumerable<string> Keys => _choices.Keys;

    public IEnumerable<Choice> Unused => _choices.Values.Where(choice => !choice.IsUsed);

    public IEnumerable<Override> UnusedDeletions
    {
        get
        {
            foreach (Deletion deletion in _deletions.Values)
            {
                if (!deletion.IsUsed) yield return deletion.Source;
            }
        }
    }

    public IReadOnlyCollection<string> KeysOf(string group) => _keysOfGroup.GetValueOrDefault(group) ?? [];

    public DefaultsNode? OriginOf(string key) => _origins.GetValueOrDefault(key);

    /// <summary>A choice on the command line; a later one for the same key wins.</summary>
    public void Add(Override source, string? option, IReadOnlyList<string>? options) =>
        _choices[source.QualifiedKey] = new Choice(source.QualifiedKey, option, options) { Source = source };

    public void AddDeletion(Override source, string? option) => _deletions[source.QualifiedKey] = new Deletion(source, option);

    /// <summary>An <c>override</c> entry of a file.</summary>
    public void Register(DefaultsNode node)
    {
        string key = node.OverrideKey;
        _choices.TryAdd(key, new Choice(key, node.Entry.Option, node.Entry.Options) { Node = node });
    }

    /// <summary>
    /// The entry with the option that was chosen for it, or as it is. <paramref name="eligible"/> limits which choices count.
    /// </summary>
    public DefaultsEntry Apply(DefaultsNode node, HashSet<string>? eligible)
    {
        if (!node.Entry.IsGroup || !_choices.TryGetValue(node.OverrideKey, out var choice)) return node.Entry;
        if (eligible?.Contains(choice.Key) == false) return node.Entry;
        choice.IsUsed = true;
        return node.Entry with { Option = choice.Option, Options = choice.Options, Place = choice.Place ?? node.Entry.Place };
    }

    /// <summary>Whether the command line takes the node away.</summary>
    public bool TryDelete(DefaultsNode node)
    {
        string key = node.Entry.IsGroup ? node.OverrideKey : node.ConfigPath;
        if (!_deletions.TryGetValue(key, out var deletion)) return false;
        if (deletion.Option is not null && (!node.Entry.IsGroup || deletion.Option != node.Name)) return false;
        return deletion.IsUsed = true;
    }

    /// <summary>What the command line leaves of a group's several options: all, those that it does not name, or none.</summary>
    public IReadOnlyList<string> Left(DefaultsNode node, IReadOnlyList<string> options)
    {
        if (!_deletions.TryGetValue(node.OverrideKey, out var deletion)) return options;
        IReadOnlyList<string> left = deletion.Option is { } named ? [.. options.Where(option => option != named)] : [];
        if (left.Count < options.Count) deletion.IsUsed = true;
        return left;
    }

    /// <summary>Notes the option of a group's node. False where the same key already has another one.</summary>
    public bool TryKnow(DefaultsNode node)
    {
        if (!node.Entry.IsGroup) return true;
        string key = node.OverrideKey;
        bool isNew = _known.TryAdd(key, node.Name);
        if (isNew) _origins[key] = node;
        if (!_keysOfGroup.TryGetValue(node.GroupPath, out var keys)) _keysOfGroup[node.GroupPath] = keys = new(StringComparer.Ordinal);
        keys.Add(key);
        return isNew || _known[key] == node.Name;
    }

    private sealed class Deletion(Override source, string? option)
    {
        public Override Source { get; } = source;

        public string? Option { get; } = option;

        public bool IsUsed { get; set; }
    }
}

/// <summary>An option that someone chose for a group.</summary>
internal sealed class Choice(string key, string? option, IReadOnlyList<string>? options)
{
    public string Key { get; } = key;

    public string? Option { get; } = option;

    public IReadOnlyList<string>? Options { get; } = options;

    /// <summary>The argument that chose; null if a file did.</summary>
    public Override? Source { get; init; }

    /// <summary>The <c>override</c> entry that chose; null if an argument did.</summary>
    public DefaultsNode? Node { get; init; }

    public bool IsUsed { get; set; }

    public Place? Place => Source?.ValuePlace ?? Node?.Entry.Place;
}

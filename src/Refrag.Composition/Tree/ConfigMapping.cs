using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Refrag.Composition;

/// <summary>A mapping of keys to nodes, in the order in which they were written. Finding a key costs the same in a small mapping and in a large one.</summary>
public sealed class ConfigMapping : ConfigNode, IReadOnlyCollection<KeyValuePair<ConfigKey, ConfigNode>>
{
    private readonly OrderedDictionary<ConfigKey, ConfigNode> _entries;

    internal ConfigMapping(OrderedDictionary<ConfigKey, ConfigNode> entries, Origin origin = default)
        : base(origin) => _entries = entries;

    /// <summary>The empty mapping.</summary>
    public static ConfigMapping Empty { get; } = new(new OrderedDictionary<ConfigKey, ConfigNode>());

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <summary>The keys in order.</summary>
    public IReadOnlyList<ConfigKey> Keys => _entries.Keys;

    /// <summary>The node of a key; throws <see cref="KeyNotFoundException"/> where there is none.</summary>
    public ConfigNode this[ConfigKey key] => _entries[key];

    /// <summary>A mapping of these entries; of two with one key the later stands in the earlier's place.</summary>
    public static ConfigMapping Of(params IEnumerable<KeyValuePair<ConfigKey, ConfigNode>> entries)
    {
        var made = new OrderedDictionary<ConfigKey, ConfigNode>();
        foreach ((ConfigKey key, ConfigNode value) in entries) made[key] = value;
        return new ConfigMapping(made);
    }

    /// <summary>Finds the node of a key.</summary>
    public bool TryGetValue(ConfigKey key, [NotNullWhen(true)] out ConfigNode? value) => _entries.TryGetValue(key, out value);

    /// <summary>Whether there is such a key.</summary>
    public bool ContainsKey(ConfigKey key) => _entries.ContainsKey(key);

    /// <summary>The mapping with a key set: in its place where it exists, at the end where not.</summary>
    public ConfigMapping With(ConfigKey key, ConfigNode value) => new(Copy(_entries.Count + 1, entries => entries[key] = value), Origin);

    /// <summary>The mapping without a key; the same where there is none.</summary>
    public ConfigMapping Without(ConfigKey key) => _entries.ContainsKey(key) ? new(Copy(_entries.Count, entries => entries.Remove(key)), Origin) : this;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<ConfigKey, ConfigNode>> GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Equal keys and values, in whatever order.</summary>
    public override bool Equals(ConfigNode? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is not ConfigMapping mapping || mapping.Count != Count) return false;
        foreach ((ConfigKey key, ConfigNode value) in _entries)
        {
            if (!mapping.TryGetValue(key, out ConfigNode? otherValue) || !value.Equals(otherValue)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Count;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override ConfigMapping At(Origin origin) => new(_entries, origin);

    private OrderedDictionary<ConfigKey, ConfigNode> Copy(int capacity, Action<OrderedDictionary<ConfigKey, ConfigNode>> change)
    {
        var entries = new OrderedDictionary<ConfigKey, ConfigNode>(capacity);
        foreach ((ConfigKey key, ConfigNode value) in _entries) entries.Add(key, value);
        change(entries);
        return entries;
    }
}

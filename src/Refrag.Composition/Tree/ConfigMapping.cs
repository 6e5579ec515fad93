using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Refrag.Composition.Tree;

/// <summary>A mapping of keys to nodes that keeps the order of its keys. Looking up a key takes constant time.</summary>
public sealed class ConfigMapping : ConfigNode, IReadOnlyList<ConfigEntry>, IEquatable<ConfigMapping>
{
    // Up to here a walk along the entries is as fast as a hash table and costs no memory.
    private const int LargestWithoutIndex = 8;

    private readonly ConfigEntry[] _entries;
    private Dictionary<ConfigKey, int>? _index;

    internal ConfigMapping(ConfigEntry[] entries, Dictionary<ConfigKey, int>? index, Mark mark)
        : base(mark)
    {
        (_entries, _index) = (entries, index);
        int height = 0;
        long weight = 1;
        foreach (ref readonly ConfigEntry entry in entries.AsSpan())
        {
            height = Math.Max(height, entry.Value.Height);
            weight = AddWeights(weight, entry.Value.Weight);
            HasInterpolations |= entry.Value.HasInterpolations;
        }
        (Height, Weight) = (height + 1, weight);
    }

    /// <summary>A mapping without keys and without a mark.</summary>
    public static ConfigMapping Empty { get; } = new([], null, default);

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public override int Height { get; }

    /// <inheritdoc/>
    public override long Weight { get; }

    /// <inheritdoc/>
    public override bool HasInterpolations { get; }

    /// <summary>The entry at a position, from 0, in the order of the keys.</summary>
    public ConfigEntry this[int index] => _entries[index];

    /// <summary>The value of a key; null if the key is not there.</summary>
    public ConfigNode? this[ConfigKey key] => IndexOf(key) is >= 0 and var i ? _entries[i].Value : null;

    /// <summary>Makes a mapping; a key that comes again keeps its first position and takes its last value.</summary>
    public static ConfigMapping Of(IEnumerable<ConfigEntry> entries, Mark mark = default)
    {
        var builder = new ConfigMappingBuilder();
        foreach (ConfigEntry entry in entries) builder.Set(entry);
        return builder.Build(mark);
    }

    /// <summary>Makes a mapping of text keys.</summary>
    public static ConfigMapping Of(params IEnumerable<(string Key, ConfigNode Value)> entries) =>
        Of(entries.Select(entry => new ConfigEntry(entry.Key, entry.Value)));

    /// <summary>The position of a key; −1 where it is not there.</summary>
    public int IndexOf(ConfigKey key)
    {
        if (_entries.Length > LargestWithoutIndex) return Index().TryGetValue(key, out int found) ? found : -1;
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Key == key) return i;
        }
        return -1;
    }

    /// <summary>Whether a key is there.</summary>
    public bool ContainsKey(ConfigKey key) => IndexOf(key) >= 0;

    /// <summary>Takes the value of a key where it is there.</summary>
    public bool TryGetValue(ConfigKey key, [NotNullWhen(true)] out ConfigNode? value)
    {
        value = this[key];
        return value is not null;
    }

    /// <summary>The mapping with a value for a key: in the key's place where it is there, else at the end.</summary>
    public ConfigMapping With(ConfigKey key, ConfigNode value, Mark keyMark = default)
    {
        int at = IndexOf(key);
        if (at < 0) return new ConfigMapping([.. _entries, new ConfigEntry(key, value, keyMark)], null, Mark);
        var entries = (ConfigEntry[])_entries.Clone();
        entries[at] = entries[at] with { Value = value };
        // The keys and their positions are the same, and so is the index.
        return new ConfigMapping(entries, _index, Mark);
    }

    /// <summary>The mapping without a key; itself where the key is not there.</summary>
    public ConfigMapping Without(ConfigKey key)
    {
        int at = IndexOf(key);
        return at < 0 ? this : new ConfigMapping([.. _entries[..at], .. _entries[(at + 1)..]], null, Mark);
    }

    /// <summary>A builder that starts with these entries.</summary>
    public ConfigMappingBuilder ToBuilder()
    {
        var builder = new ConfigMappingBuilder(_entries.Length);
        foreach (ref readonly ConfigEntry entry in _entries.AsSpan()) builder.Set(entry);
        return builder;
    }

    /// <inheritdoc/>
    public override ConfigMapping At(Mark mark) => new(_entries, _index, mark);

    /// <summary>The entries without an enumerator.</summary>
    public ReadOnlySpan<ConfigEntry> AsSpan() => _entries;

    /// <inheritdoc/>
    public IEnumerator<ConfigEntry> GetEnumerator() => ((IEnumerable<ConfigEntry>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Whether both hold the same keys with equal values; the order does not matter.</summary>
    public bool Equals(ConfigMapping? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Count != other.Count || Weight != other.Weight) return false;
        foreach (ref readonly ConfigEntry entry in _entries.AsSpan())
        {
            if (!entry.Value.Equals(other[entry.Key])) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfigMapping);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Weight, Height);

    // Two threads may both build the index; they build the same one.
    private Dictionary<ConfigKey, int> Index()
    {
        if (_index is { } known) return known;
        var index = new Dictionary<ConfigKey, int>(_entries.Length);
        for (int i = 0; i < _entries.Length; i++) index[_entries[i].Key] = i;
        return _index = index;
    }
}

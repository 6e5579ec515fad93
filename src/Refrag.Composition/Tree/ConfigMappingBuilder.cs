using System.Diagnostics.CodeAnalysis;

namespace Refrag.Composition.Tree;

/// <summary>Collects the entries of a mapping. Not safe for two threads at once.</summary>
/// <param name="capacity">How many keys are expected.</param>
public sealed class ConfigMappingBuilder(int capacity = 0)
{
    private readonly OrderedDictionary<ConfigKey, ConfigEntry> _entries = new(capacity);

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Takes the entry of a key where it is there.</summary>
    public bool TryGet(ConfigKey key, [MaybeNullWhen(false)] out ConfigEntry entry) => _entries.TryGetValue(key, out entry);

    /// <summary>Whether a key is there.</summary>
    public bool ContainsKey(ConfigKey key) => _entries.ContainsKey(key);

    /// <summary>Sets a value: in the key's place where it is there, else at the end.</summary>
    public void Set(ConfigEntry entry)
    {
        // The first form of a key stays, as in Python: setting true where 1 is a key sets the value of 1.
        if (_entries.TryGetValue(entry.Key, out ConfigEntry old)) entry = entry with { Key = old.Key };
        _entries[entry.Key] = entry;
    }

    /// <summary>Sets a value: in the key's place where it is there, else at the end.</summary>
    public void Set(ConfigKey key, ConfigNode value, Mark keyMark = default) => Set(new ConfigEntry(key, value, keyMark));

    /// <summary>Removes a key; false where it is not there. Takes time in proportion to the keys that follow.</summary>
    public bool Remove(ConfigKey key) => _entries.Remove(key);

    /// <summary>The mapping. The builder can be used further.</summary>
    public ConfigMapping Build(Mark mark = default)
    {
        if (_entries.Count == 0 && mark.Source is null) return ConfigMapping.Empty;
        var entries = new ConfigEntry[_entries.Count];
        int i = 0;
        foreach ((_, ConfigEntry entry) in _entries) entries[i++] = entry;
        return new ConfigMapping(entries, null, mark);
    }
}

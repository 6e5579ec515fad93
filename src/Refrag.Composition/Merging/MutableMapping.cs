using Refrag.Composition.Tree;

namespace Refrag.Composition.Merging;

/// <summary>
/// A mapping while merges continue. Only what a merge touches is thawed, and once; many merges into one tree thus cost what they bring.
/// </summary>
internal sealed class MutableMapping
{
    private readonly OrderedDictionary<ConfigKey, Slot> _slots;
    private readonly Mark _mark;

    public MutableMapping(ConfigMapping mapping)
    {
        _mark = mapping.Mark;
        _slots = new OrderedDictionary<ConfigKey, Slot>(mapping.Count);
        foreach (ref readonly ConfigEntry entry in mapping.AsSpan()) _slots.Add(entry.Key, new Slot(entry.Value, null, entry.KeyMark));
    }

    // Exactly one of the two is there.
    private readonly record struct Slot(ConfigNode? Frozen, MutableMapping? Thawed, Mark KeyMark);

    public IEnumerable<string> TextKeys => _slots.Keys.Select(key => key.Text).OfType<string>();

    /// <summary>The value; null if the key is not there or is a thawed mapping.</summary>
    public bool TryGet(ConfigKey key, out ConfigNode? frozen, out MutableMapping? thawed)
    {
        bool found = _slots.TryGetValue(key, out Slot slot);
        (frozen, thawed) = (slot.Frozen, slot.Thawed);
        return found;
    }

    public void Set(ConfigKey key, ConfigNode value, Mark keyMark)
    {
        // A merge that sets a key anew keeps the key's place in the order and the place where it was written first.
        Mark mark = _slots.TryGetValue(key, out Slot old) ? old.KeyMark : keyMark;
        _slots[key] = new Slot(value, null, mark);
    }

    public MutableMapping Thaw(ConfigKey key, ConfigMapping frozen)
    {
        var thawed = new MutableMapping(frozen);
        _slots[key] = new Slot(null, thawed, _slots[key].KeyMark);
        return thawed;
    }

    public ConfigMapping Freeze()
    {
        var entries = new ConfigEntry[_slots.Count];
        int i = 0;
        foreach ((ConfigKey key, Slot slot) in _slots)
            entries[i++] = new ConfigEntry(key, slot.Frozen ?? slot.Thawed!.Freeze(), slot.KeyMark);
        return new ConfigMapping(entries, null, _mark);
    }
}

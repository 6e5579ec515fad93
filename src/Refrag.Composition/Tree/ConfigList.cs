using System.Collections;

namespace Refrag.Composition;

/// <summary>A list of nodes.</summary>
public sealed class ConfigList : ConfigNode, IReadOnlyList<ConfigNode>
{
    private readonly ConfigNode[] _items;

    internal ConfigList(ConfigNode[] items, Origin origin = default)
        : base(origin) => _items = items;

    /// <summary>The empty list.</summary>
    public static ConfigList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public ConfigNode this[int index] => _items[index];

    /// <summary>A list of these nodes.</summary>
    public static ConfigList Of(params IEnumerable<ConfigNode> items) => new([.. items]);

    /// <summary>The list with another node at <paramref name="index"/>.</summary>
    public ConfigList With(int index, ConfigNode item)
    {
        var items = (ConfigNode[])_items.Clone();
        items[index] = item;
        return new ConfigList(items, Origin);
    }

    /// <inheritdoc/>
    public IEnumerator<ConfigNode> GetEnumerator() => ((IEnumerable<ConfigNode>)_items).GetEnumerator();

    /// <inheritdoc/>
    public override bool Equals(ConfigNode? other) => other is ConfigList list && (ReferenceEquals(list, this) || _items.AsSpan().SequenceEqual(list._items));

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Length;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override ConfigList At(Origin origin) => new(_items, origin);
}

using System.Collections;

namespace Refrag.Composition.Tree;

/// <summary>A list of nodes.</summary>
public sealed class ConfigList : ConfigNode, IReadOnlyList<ConfigNode>, IEquatable<ConfigList>
{
    private readonly ConfigNode[] _items;

    private ConfigList(ConfigNode[] items, Mark mark)
        : base(mark)
    {
        _items = items;
        int height = 0;
        long weight = 1;
        foreach (ConfigNode item in items)
        {
            height = Math.Max(height, item.Height);
            weight = AddWeights(weight, item.Weight);
            HasInterpolations |= item.HasInterpolations;
        }
        (Height, Weight) = (height + 1, weight);
    }

    /// <summary>A list without items and without a mark.</summary>
    public static ConfigList Empty { get; } = new([], default);

    /// <summary>How many items there are.</summary>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public override int Height { get; }

    /// <inheritdoc/>
    public override long Weight { get; }

    /// <inheritdoc/>
    public override bool HasInterpolations { get; }

    /// <summary>The item at an index, from 0. Throws <see cref="IndexOutOfRangeException"/> beyond the end.</summary>
    public ConfigNode this[int index] => _items[index];

    /// <summary>Makes a list.</summary>
    public static ConfigList Of(IEnumerable<ConfigNode> items, Mark mark = default) => new([.. items], mark);

    /// <summary>The list with another item at an index. Throws beyond the end.</summary>
    public ConfigList With(int index, ConfigNode item)
    {
        var items = (ConfigNode[])_items.Clone();
        items[index] = item;
        return new ConfigList(items, Mark);
    }

    /// <summary>The list without the item at an index. Throws beyond the end.</summary>
    public ConfigList Without(int index) => new([.. _items[..index], .. _items[(index + 1)..]], Mark);

    /// <summary>The list with more items at its end.</summary>
    public ConfigList Append(params IEnumerable<ConfigNode> items) => new([.. _items, .. items], Mark);

    /// <inheritdoc/>
    public override ConfigList At(Mark mark) => new(_items, mark);

    /// <inheritdoc/>
    public IEnumerator<ConfigNode> GetEnumerator() => ((IEnumerable<ConfigNode>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <summary>The items without an enumerator.</summary>
    public ReadOnlySpan<ConfigNode> AsSpan() => _items;

    /// <summary>Whether both hold equal items in the same order.</summary>
    public bool Equals(ConfigList? other) =>
        ReferenceEquals(this, other) || (other is not null && Weight == other.Weight && _items.AsSpan().SequenceEqual(other._items));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfigList);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Weight, Height);
}

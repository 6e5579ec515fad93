namespace Refrag.Scheduling.Clusters;

/// <summary>The last things of a kind: no more memory for more of them.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class Latest<T>(int most)
{
    private readonly List<T> _items = [];
    private int _next;

    public void Add(T item)
    {
        if (_items.Count < most) _items.Add(item);
        else _items[_next] = item;
        _next = (_next + 1) % most;
    }

    /// <summary>The oldest first.</summary>
    public T[] InOrder() => _items.Count < most ? [.. _items] : [.. _items.Skip(_next), .. _items.Take(_next)];
}

namespace Refrag.Scheduling.Clusters;

/// <summary>
/// Finds the first of many hosts with enough room in every dimension. A complete binary tree over slots, each node holding the largest room
/// below it in each dimension: a search goes only where the job could fit, most often straight down.
/// </summary>
internal sealed class CapacityTree
{
    // Less than nothing, so that not even a job that wants nothing fits into an empty slot.
    private static readonly Amount s_none = new(-1, -1, -1);

    private readonly Stack<int> _holes = new();
    private Amount[] _nodes = [s_none, s_none];
    private int _leaves = 1;
    private int _used;

    /// <summary>How many slots are taken.</summary>
    public int Count => _used - _holes.Count;

    /// <summary>Takes the lowest hole that was left last, or the next slot.</summary>
    public int Add(Amount room)
    {
        int slot = _holes.Count > 0 ? _holes.Pop() : _used++;
        if (slot >= _leaves) Grow();
        Set(slot, room);
        return slot;
    }

    public void Remove(int slot)
    {
        Set(slot, s_none);
        _holes.Push(slot);
    }

    public void Set(int slot, Amount room)
    {
        int at = _leaves + slot;
        _nodes[at] = room;
        for (at >>= 1; at > 0; at >>= 1)
        {
            Amount largest = Largest(_nodes[2 * at], _nodes[(2 * at) + 1]);
            if (_nodes[at] == largest) return;
            _nodes[at] = largest;
        }
    }

    /// <summary>The first slot with room; -1 if there is none.</summary>
    public int Find(Amount wanted) => wanted.FitsIn(_nodes[1]) ? Find(1, wanted) : -1;

    private int Find(int at, Amount wanted)
    {
        if (at >= _leaves) return at - _leaves;
        // The largest rooms of a node may belong to different slots, so a descent can fail and the other half be tried.
        if (wanted.FitsIn(_nodes[2 * at]) && Find(2 * at, wanted) is >= 0 and int left) return left;
        return wanted.FitsIn(_nodes[(2 * at) + 1]) ? Find((2 * at) + 1, wanted) : -1;
    }

    private void Grow()
    {
        Amount[] old = _nodes;
        int leaves = _leaves;
        _leaves *= 2;
        _nodes = new Amount[2 * _leaves];
        Array.Fill(_nodes, s_none);
        Array.Copy(old, leaves, _nodes, _leaves, leaves);
        for (int at = _leaves - 1; at > 0; at--) _nodes[at] = Largest(_nodes[2 * at], _nodes[(2 * at) + 1]);
    }

    private static Amount Largest(Amount a, Amount b) => new(
        Math.Max(a.MilliVCpus, b.MilliVCpus), Math.Max(a.MemoryMiB, b.MemoryMiB), Math.Max(a.Gpus, b.Gpus));
}

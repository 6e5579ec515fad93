using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>
/// A node with the way to it. Nodes are shared and know no parents; relative interpolations need one. There is one location for each place
/// of a tree, so that what was resolved there is kept there.
/// </summary>
internal sealed class Location(ConfigNode node, Location? parent, string key, bool isFinal = false)
{
    private Location?[]? _children;

    public ConfigNode Node => node;

    public Location? Parent => parent;

    public string Key => key;

    /// <summary>Whether this is text that only looks like an interpolation: the result of one.</summary>
    public bool IsInterpolation => !isFinal && node.IsInterpolation;

    /// <summary>Whether this stands in the tree itself, and is not the result of a resolver.</summary>
    public bool IsInTree { get; init; }

    public bool IsBusy { get; set; }

    /// <summary>Where the interpolation leads, once that is known.</summary>
    public Location? Target { get; set; }

    /// <summary>Why the interpolation cannot be resolved, once that is known.</summary>
    public Problem? Failure { get; set; }

    /// <summary>
    /// The first problem of what cannot be resolved below this, once that is known: without it, trying again could take exponential time.
    /// </summary>
    public Problem? Broken { get; set; }

    /// <summary>The node with everything in it resolved, once that is known.</summary>
    public ConfigNode? Resolved { get; set; }

    /// <summary>The location of the child at a position of the list or mapping.</summary>
    public Location Child(int index)
    {
        if (node is ConfigMapping mapping)
        {
            _children ??= new Location?[mapping.Count];
            return _children[index] ??= new Location(mapping[index].Value, this, mapping[index].Key.ToString()) { IsInTree = IsInTree };
        }
        var list = (ConfigList)node;
        _children ??= new Location?[list.Count];
        return _children[index] ??= new Location(list[index], this, index.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            IsInTree = IsInTree,
        };
    }

    /// <summary>The parts of the key, from the root.</summary>
    public IReadOnlyList<string> Path()
    {
        var parts = new List<string>();
        for (Location at = this; at.Parent is { } above; at = above) parts.Add(at.Key);
        parts.Reverse();
        return parts;
    }

    public override string ToString() => KeyPath.Join(Path());
}

namespace Refrag.Composition.Tree;

/// <summary>
/// Limits that keep hostile input from taking the machine: far above what people write, far below what a stack or a memory holds.
/// </summary>
public sealed record ConfigLimits
{
    /// <summary>The limits that hold where nothing else is said.</summary>
    public static ConfigLimits Default { get; } = new();

    /// <summary>How deep lists and mappings may lie one in another, and how many parts a key path may have. Default 200.</summary>
    public int Depth { get; init; } = 200;

    /// <summary>
    /// How many nodes the aliases of one YAML document may add to those that stand in it. Default 10,000, as in OmegaConf.
    /// </summary>
    public long AliasNodes { get; init; } = 10_000;

    /// <summary>How many times larger aliases may make a YAML document of more than 1,000 nodes. Default 100, as in OmegaConf.</summary>
    public int AliasRatio { get; init; } = 100;

    /// <summary>How many interpolations may lead one to another. Default 200.</summary>
    public int InterpolationDepth { get; init; } = 200;

    /// <summary>How many nodes a tree may have once its interpolations are resolved. Default 1,000,000.</summary>
    public long ResolvedNodes { get; init; } = 1_000_000;
}

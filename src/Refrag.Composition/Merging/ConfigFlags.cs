namespace Refrag.Composition.Merging;

/// <summary>What may be done to a configuration.</summary>
public sealed record ConfigFlags
{
    /// <summary>No flag set: everything may be done.</summary>
    public static ConfigFlags None { get; } = new();

    /// <summary>Only keys that are there may be set. Default false.</summary>
    public bool Struct { get; init; }

    /// <summary>Nothing may be changed by an update; a merge makes a new tree and is allowed. Default false.</summary>
    public bool ReadOnly { get; init; }
}

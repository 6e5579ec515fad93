namespace Refrag.Composition.Overrides;

/// <summary>Whose grammar overrides are read by.</summary>
public enum OverrideDialect
{
    /// <summary>
    /// The reference's grammar, and where that refuses, what is unambiguous beyond it (<see cref="OverrideExtensions"/>).
    /// </summary>
    Extended,

    /// <summary>The reference's grammar and nothing else.</summary>
    Hydra,
}

/// <summary>How overrides are read.</summary>
public sealed record OverrideOptions
{
    /// <summary>The defaults.</summary>
    public static OverrideOptions Default { get; } = new();

    /// <summary>Whose grammar; by default the extended one.</summary>
    public OverrideDialect Dialect { get; init; }

    /// <summary>
    /// Decides the order that <c>shuffle([a,b,c])</c> gives a list. The same seed gives the same order, so that a command line can be
    /// repeated; by default 0.
    /// </summary>
    public int ShuffleSeed { get; init; }
}

/// <summary>A rule of the grammar for a part of a value.</summary>
public enum ValueRule
{
    /// <summary>An element or a simple sweep: <c>a</c>, <c>a,b</c>.</summary>
    Value,

    /// <summary>One element: <c>a</c>, <c>'a'</c>, <c>[a]</c>, <c>{a:1}</c>, <c>f(a)</c>.</summary>
    Element,

    /// <summary>A scalar or a quoted string.</summary>
    Primitive,

    /// <summary><c>[a,b]</c>.</summary>
    List,

    /// <summary><c>{a:1}</c>.</summary>
    Dictionary,

    /// <summary><c>f(a)</c>.</summary>
    Function,

    /// <summary><c>a,b</c>: two elements or more.</summary>
    SimpleChoiceSweep,
}

/// <summary>A rule of the grammar for a part of a key.</summary>
public enum KeyRule
{
    /// <summary><c>db.port</c>, <c>db/engine@backup</c>, <c>items[0]</c>.</summary>
    Key,

    /// <summary><c>db.port</c> or <c>db/engine</c>.</summary>
    PackageOrGroup,

    /// <summary><c>db.port</c>.</summary>
    Package,
}

/// <summary>The left side of an override, without its sign.</summary>
/// <param name="Path">A path in the configuration or a group of options; may be empty.</param>
/// <param name="Package">What follows <c>@</c>; null if there is no <c>@</c>.</param>
public sealed record OverrideKey(string Path, string? Package)
{
    /// <summary>
    /// Whether brackets or escapes make it a path in the configuration that can never be a group: <c>items[0]</c>, <c>a\.b</c>.
    /// </summary>
    public bool IsValuePath { get; init; }
}

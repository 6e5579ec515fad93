namespace Refrag.Composition;

/// <summary>
/// A part of a configuration: a scalar, a list or a mapping. Immutable; a change makes a new tree that shares what is unchanged. Two nodes are equal
/// when their content is, wherever they were written.
/// </summary>
public abstract class ConfigNode : IEquatable<ConfigNode>
{
    private protected ConfigNode(Origin origin) => Origin = origin;

    /// <summary>Where the node was written; the default for one that was computed.</summary>
    internal Origin Origin { get; }

    /// <summary>Where the node was written, for problems to point at; null for one that was computed.</summary>
    public Place? Place => Origin.Place;

    /// <summary>Whether this is the scalar <c>???</c>: a value that must still be given.</summary>
    public bool IsMissing => this is ConfigScalar { Value: "???" };

    /// <summary>Whether this is text with a <c>${…}</c> in it.</summary>
    public bool IsInterpolation => this is ConfigScalar { Value: string text } && text.Contains("${", StringComparison.Ordinal);

    /// <inheritdoc/>
    public abstract bool Equals(ConfigNode? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ConfigNode);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>The same content, written elsewhere.</summary>
    internal abstract ConfigNode At(Origin origin);
}

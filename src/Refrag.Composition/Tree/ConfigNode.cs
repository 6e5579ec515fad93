namespace Refrag.Composition.Tree;

/// <summary>
/// A node of a configuration: a <see cref="ConfigScalar"/>, a <see cref="ConfigList"/> or a <see cref="ConfigMapping"/>. Nodes never change
/// and may be shared between trees. Two nodes are equal when their values are; where they stand does not matter.
/// </summary>
public abstract class ConfigNode
{
    private protected ConfigNode(Mark mark) => Mark = mark;

    /// <summary>Where the user wrote this value; points nowhere for values made by a program.</summary>
    public Mark Mark { get; }

    /// <summary>Where the user wrote this value; null for values made by a program.</summary>
    public Place? Origin => Mark.ToPlace();

    /// <summary>How many containers lie one in another, this one included; 0 for a scalar.</summary>
    public abstract int Height { get; }

    /// <summary>How many nodes a full walk meets, shared ones counted as often as met; at most <see cref="long.MaxValue"/>.</summary>
    public abstract long Weight { get; }

    /// <summary>Whether this is the marker <c>???</c>: a value that the user must still give.</summary>
    public bool IsMissing => this is ConfigScalar { HoldsMissing: true };

    /// <summary>Whether this is text that holds <c>${…}</c>, escaped or not, and so is resolved before it is used.</summary>
    public bool IsInterpolation => this is ConfigScalar { HoldsInterpolation: true };

    /// <summary>Whether this or anything in it is an interpolation.</summary>
    public abstract bool HasInterpolations { get; }

    /// <summary>Whether this is null.</summary>
    public bool IsNull => this is ConfigScalar { Kind: ScalarKind.Null };

    /// <summary>The same value with another mark.</summary>
    public abstract ConfigNode At(Mark mark);

    /// <summary>The value as Python prints it, as OmegaConf does when a value becomes part of a text.</summary>
    public sealed override string ToString() => PythonText.Str(this);

    private protected static long AddWeights(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}

using System.Numerics;

namespace Refrag.Composition.Tree;

/// <summary>What a scalar holds.</summary>
public enum ScalarKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of any size.</summary>
    Integer,

    /// <summary>A floating-point number of 64 bits, infinities and not-a-number included.</summary>
    Float,

    /// <summary>Text.</summary>
    String,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A value without parts.</summary>
public sealed class ConfigScalar : ConfigNode, IEquatable<ConfigScalar>
{
    // Numbers and booleans live in _bits; text, bytes and whole numbers beyond 64 bits in _object.
    private readonly object? _object;
    private readonly long _bits;

    private ConfigScalar(ScalarKind kind, object? value, long bits, Mark mark)
        : base(mark)
    {
        (Kind, _object, _bits) = (kind, value, bits);
        if (value is not string text) return;
        HoldsMissing = text == MissingText;
        HoldsInterpolation = text.Contains("${", StringComparison.Ordinal);
    }

    /// <summary>The text of the marker for a value that must still be given.</summary>
    public const string MissingText = "???";

    /// <summary>A null without a mark.</summary>
    public static ConfigScalar Null { get; } = new(ScalarKind.Null, null, 0, default);

    /// <summary>True without a mark.</summary>
    public static ConfigScalar True { get; } = new(ScalarKind.Boolean, null, 1, default);

    /// <summary>False without a mark.</summary>
    public static ConfigScalar False { get; } = new(ScalarKind.Boolean, null, 0, default);

    /// <summary>What this holds.</summary>
    public ScalarKind Kind { get; }

    /// <inheritdoc/>
    public override int Height => 0;

    /// <inheritdoc/>
    public override long Weight => 1;

    /// <inheritdoc/>
    public override bool HasInterpolations => HoldsInterpolation;

    internal bool HoldsMissing { get; }

    internal bool HoldsInterpolation { get; }

    /// <summary>The text; null if this is not text.</summary>
    public string? Text => _object as string;

    /// <summary>The bytes; empty where this is not bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _object as byte[];

    /// <summary>The truth value; null if this is not one.</summary>
    public bool? Boolean => Kind == ScalarKind.Boolean ? _bits != 0 : null;

    /// <summary>The floating-point number; null if this is not one.</summary>
    public double? Float => Kind == ScalarKind.Float ? BitConverter.Int64BitsToDouble(_bits) : null;

    /// <summary>The whole number; null if this is not one.</summary>
    public BigInteger? Integer => Kind != ScalarKind.Integer ? null : _object is BigInteger big ? big : _bits;

    /// <summary>The whole number; null if this is not one or does not fit into 64 bits.</summary>
    public long? Int64 => Kind == ScalarKind.Integer && _object is null ? _bits : null;

    /// <summary>A truth value.</summary>
    public static ConfigScalar Of(bool value, Mark mark = default) => new(ScalarKind.Boolean, null, value ? 1 : 0, mark);

    /// <summary>A whole number.</summary>
    public static ConfigScalar Of(long value, Mark mark = default) => new(ScalarKind.Integer, null, value, mark);

    /// <summary>A whole number of any size.</summary>
    public static ConfigScalar Of(BigInteger value, Mark mark = default) =>
        value >= long.MinValue && value <= long.MaxValue ? Of((long)value, mark) : new(ScalarKind.Integer, value, 0, mark);

    /// <summary>A floating-point number.</summary>
    public static ConfigScalar Of(double value, Mark mark = default) =>
        new(ScalarKind.Float, null, BitConverter.DoubleToInt64Bits(value), mark);

    /// <summary>Text; <c>???</c> is the missing marker and <c>${…}</c> an interpolation, as everywhere in OmegaConf.</summary>
    public static ConfigScalar Of(string value, Mark mark = default) => new(ScalarKind.String, value, 0, mark);

    /// <summary>Bytes.</summary>
    public static ConfigScalar Of(ReadOnlySpan<byte> value, Mark mark = default) => new(ScalarKind.Bytes, value.ToArray(), 0, mark);

    /// <summary>A null at a mark.</summary>
    public static ConfigScalar NullAt(Mark mark) => new(ScalarKind.Null, null, 0, mark);

    /// <inheritdoc/>
    public override ConfigScalar At(Mark mark) => new(Kind, _object, _bits, mark);

    /// <summary>Whether both have the same kind and value; not-a-number equals itself.</summary>
    public bool Equals(ConfigScalar? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Kind != other.Kind) return false;
        return Kind switch
        {
            ScalarKind.Bytes => Bytes.Span.SequenceEqual(other.Bytes.Span),
            ScalarKind.Float => Float.GetValueOrDefault().Equals(other.Float.GetValueOrDefault()),
            _ => _bits == other._bits && Equals(_object, other._object),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfigScalar);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ScalarKind.Bytes => Bytes.Length,
        ScalarKind.Float => Float.GetValueOrDefault().GetHashCode(),
        _ => HashCode.Combine(Kind, _object, _bits),
    };
}

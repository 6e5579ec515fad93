using System.Globalization;

namespace Refrag;

/// <summary>An amount of memory in MiB (1,048,576 bytes), the unit of AWS Batch's MEMORY requirement. Never negative.</summary>
public readonly record struct MebiBytes : IComparable<MebiBytes>
{
    /// <summary>An amount of memory. Throws <see cref="ArgumentOutOfRangeException"/> below zero.</summary>
    public MebiBytes(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>How many MiB.</summary>
    public long Value { get; }

    /// <inheritdoc/>
    public int CompareTo(MebiBytes other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is less.</summary>
    public static bool operator <(MebiBytes left, MebiBytes right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is more.</summary>
    public static bool operator >(MebiBytes left, MebiBytes right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is no more.</summary>
    public static bool operator <=(MebiBytes left, MebiBytes right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is no less.</summary>
    public static bool operator >=(MebiBytes left, MebiBytes right) => left.Value >= right.Value;

    /// <summary>The number alone, as Batch writes it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

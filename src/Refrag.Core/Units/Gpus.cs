using System.Globalization;

namespace Refrag;

/// <summary>A number of whole GPUs on one host. Never negative; Batch has no fractions of a GPU.</summary>
public readonly record struct Gpus : IComparable<Gpus>
{
    /// <summary>A number of GPUs. Throws <see cref="ArgumentOutOfRangeException"/> below zero.</summary>
    public Gpus(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    /// <summary>How many.</summary>
    public int Value { get; }

    /// <inheritdoc/>
    public int CompareTo(Gpus other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is less.</summary>
    public static bool operator <(Gpus left, Gpus right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is more.</summary>
    public static bool operator >(Gpus left, Gpus right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is no more.</summary>
    public static bool operator <=(Gpus left, Gpus right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is no less.</summary>
    public static bool operator >=(Gpus left, Gpus right) => left.Value >= right.Value;

    /// <summary>The number alone, as Batch writes it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Refrag;

/// <summary>A number of virtual CPUs: whole from 1 on EC2, quarters and halves below 1 on Fargate. Never negative.</summary>
public readonly record struct VCpus : IComparable<VCpus>
{
    /// <summary>A number of vCPUs. Throws <see cref="ArgumentOutOfRangeException"/> below zero.</summary>
    public VCpus(decimal value)
    {
        // Not ThrowIfNegative: 1.00 - 1 is a zero with a sign, which that counts as negative.
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 0m);
        Value = value == 0 ? 0 : value;
    }

    /// <summary>How many.</summary>
    public decimal Value { get; }

    /// <inheritdoc/>
    public int CompareTo(VCpus other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is less.</summary>
    public static bool operator <(VCpus left, VCpus right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is more.</summary>
    public static bool operator >(VCpus left, VCpus right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is no more.</summary>
    public static bool operator <=(VCpus left, VCpus right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is no less.</summary>
    public static bool operator >=(VCpus left, VCpus right) => left.Value >= right.Value;

    /// <summary>The number alone, as Batch writes it: <c>4</c>, <c>0.25</c>.</summary>
    public override string ToString() => Value.ToString("0.####", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Refrag.Scheduling.Clusters;

/// <summary>The number of an instance within a cluster, from 1 in the order in which instances were launched or added.</summary>
public readonly record struct InstanceKey(long Value) : IComparable<InstanceKey>
{
    /// <summary>No instance: what a job on Fargate has.</summary>
    public static InstanceKey None => default;

    /// <summary>Reads what <see cref="ToString"/> writes; false for any other text.</summary>
    public static bool TryParse(string text, out InstanceKey key)
    {
        string digits = text.StartsWith("i-", StringComparison.Ordinal) ? text[2..] : "";
        bool isNumber = long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long number);
        key = new InstanceKey(number);
        return isNumber && key.ToString() == text;
    }

    /// <inheritdoc/>
    public int CompareTo(InstanceKey other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(InstanceKey left, InstanceKey right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is younger.</summary>
    public static bool operator >(InstanceKey left, InstanceKey right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is no younger.</summary>
    public static bool operator <=(InstanceKey left, InstanceKey right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is no older.</summary>
    public static bool operator >=(InstanceKey left, InstanceKey right) => left.Value >= right.Value;

    /// <summary>In the form of an EC2 id: <c>i-</c> and 17 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"i-{Value:x17}");
}

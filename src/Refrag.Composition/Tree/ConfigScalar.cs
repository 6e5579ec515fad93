using System.Globalization;
using System.Numerics;

namespace Refrag.Composition;

/// <summary>One value: null, a boolean, an integer of any size, a float, text or bytes.</summary>
public sealed class ConfigScalar : ConfigNode
{
    internal ConfigScalar(object? value, Origin origin = default)
        : base(origin) =>
        Value = value is BigInteger big && big >= long.MinValue && big <= long.MaxValue ? (long)big : value;

    /// <summary>The null value.</summary>
    public static ConfigScalar Null { get; } = new(null);

    /// <summary>
    /// Null, a <see cref="bool"/>, a <see cref="long"/>, a <see cref="BigInteger"/> beyond that, a <see cref="double"/>, a <see cref="string"/> or a
    /// <see cref="byte"/> array, which must not be changed.
    /// </summary>
    public object? Value { get; }

    /// <summary>Whether this is null.</summary>
    public bool IsNull => Value is null;

    /// <summary>A scalar of text.</summary>
    public static ConfigScalar Of(string value) => new(value);

    /// <summary>A scalar of a boolean.</summary>
    public static ConfigScalar Of(bool value) => new(value);

    /// <summary>A scalar of an integer.</summary>
    public static ConfigScalar Of(BigInteger value) => new(value);

    /// <summary>A scalar of a float.</summary>
    public static ConfigScalar Of(double value) => new(value);

    /// <inheritdoc/>
    public override bool Equals(ConfigNode? other) => other is ConfigScalar scalar && (Value, scalar.Value) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        var (a, b) => Equals(a, b),
    };

    /// <inheritdoc/>
    public override int GetHashCode() => Value is byte[] bytes ? bytes.Length : Value?.GetHashCode() ?? 0;

    /// <summary>The value as text: <c>null</c> is empty, booleans are <c>true</c> and <c>false</c>.</summary>
    public override string ToString() => Value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => FloatText.Of(number),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)Value,
    };

    internal override ConfigScalar At(Origin origin) => new(Value, origin);
}

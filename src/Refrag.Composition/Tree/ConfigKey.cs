using System.Numerics;

namespace Refrag.Composition;

/// <summary>
/// A key of a mapping: mostly text, but YAML and OmegaConf know integers, floats, booleans and bytes too, and <c>1</c> is another key than <c>"1"</c>.
/// </summary>
public readonly struct ConfigKey : IEquatable<ConfigKey>
{
    // Text is kept as it is, so that the common key costs nothing; anything else is a scalar.
    private readonly object? _value;

    private ConfigKey(object? value) => _value = value;

    /// <summary>The key as a scalar.</summary>
    public ConfigScalar Scalar => _value is string text ? ConfigScalar.Of(text) : (ConfigScalar?)_value ?? ConfigScalar.Null;

    /// <summary>The text, where the key is text; else null.</summary>
    public string? Text => _value as string;

    /// <summary>A key of text.</summary>
    public static implicit operator ConfigKey(string text) => new(text);

    /// <summary>A key of any scalar.</summary>
    public static ConfigKey Of(ConfigScalar scalar) => new(scalar.Value is string text ? text : scalar);

    /// <summary>Whether two keys are the same.</summary>
    public static bool operator ==(ConfigKey left, ConfigKey right) => left.Equals(right);

    /// <summary>Whether two keys differ.</summary>
    public static bool operator !=(ConfigKey left, ConfigKey right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ConfigKey other) => (_value, other._value) switch
    {
        (string a, string b) => a == b,
        (ConfigScalar a, ConfigScalar b) => Number(a) is { } x && Number(b) is { } y ? x == y : a.Equals(b),
        var (a, b) => a is null && b is null,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConfigKey key && Equals(key);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is ConfigScalar scalar ? Number(scalar)?.GetHashCode() ?? scalar.GetHashCode() : _value?.GetHashCode() ?? 0;

    /// <summary>The key as text.</summary>
    public override string ToString() => _value?.ToString() ?? "";

    // In Python True, 1 and 1.0 are one key.
    private static double? Number(ConfigScalar scalar) => scalar.Value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        BigInteger number => (double)number,
        double number => number,
        _ => null,
    };
}

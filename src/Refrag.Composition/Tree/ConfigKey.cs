using System.Numerics;

namespace Refrag.Composition.Tree;

/// <summary>
/// A key of a mapping: text nearly always; YAML and overrides can also make null, true, a number or bytes a key. As in Python, where the
/// keys come from, <c>1</c>, <c>1.0</c> and <c>true</c> are one key and <c>"1"</c> is another.
/// </summary>
public readonly struct ConfigKey : IEquatable<ConfigKey>
{
    // A string for text keys, so that they cost no second object; a ConfigScalar otherwise.
    private readonly object? _key;

    /// <summary>A key of text.</summary>
    public ConfigKey(string text) => _key = text;

    /// <summary>A key of any scalar.</summary>
    public ConfigKey(ConfigScalar scalar) => _key = scalar.Text ?? (object)scalar;

    /// <summary>The text; null if the key is not text.</summary>
    public string? Text => _key as string;

    /// <summary>The key as a scalar.</summary>
    public ConfigScalar Scalar => _key switch
    {
        string text => ConfigScalar.Of(text),
        ConfigScalar scalar => scalar,
        _ => ConfigScalar.Null,
    };

    /// <summary>A key of text.</summary>
    public static implicit operator ConfigKey(string text) => new(text);

    /// <inheritdoc/>
    public bool Equals(ConfigKey other)
    {
        if (_key is string text) return other._key is string otherText && text == otherText;
        if (other._key is string) return false;
        ConfigScalar mine = Scalar, theirs = other.Scalar;
        return mine.Equals(theirs) || (Number(mine) is { } a && Number(theirs) is { } b && a == b);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConfigKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_key is string text) return text.GetHashCode(StringComparison.Ordinal);
        return Number(Scalar) is { } number ? number.GetHashCode() : Scalar.GetHashCode();
    }

    /// <summary>Whether both keys are one key.</summary>
    public static bool operator ==(ConfigKey left, ConfigKey right) => left.Equals(right);

    /// <summary>Whether the keys differ.</summary>
    public static bool operator !=(ConfigKey left, ConfigKey right) => !left.Equals(right);

    /// <summary>The key as Python prints it.</summary>
    public override string ToString() => Text ?? PythonText.Str(Scalar);

    private static BigInteger? Number(ConfigScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Boolean => scalar.Boolean == true ? BigInteger.One : BigInteger.Zero,
        ScalarKind.Integer => scalar.Integer,
        ScalarKind.Float when scalar.Float is { } d && double.IsInteger(d) => new BigInteger(d),
        _ => null,
    };
}

/// <summary>A key and its value in a mapping.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="KeyMark">Where the key was written; points nowhere for keys made by a program.</param>
public readonly record struct ConfigEntry(ConfigKey Key, ConfigNode Value, Mark KeyMark = default);

using System.Numerics;

namespace Refrag.Composition.Overrides;

/// <summary>The value of an override, typed as it was written. Values compare by content.</summary>
public abstract record OverrideValue
{
    private protected OverrideValue() { }

    /// <summary>
    /// Whether a sweep or a list extension stands somewhere inside, where no configuration can hold one: <c>[choice(1,2)]</c>. The grammar
    /// takes it; whoever uses the value refuses it.
    /// </summary>
    public bool HasSweepInside => this switch
    {
        ListValue list => list.Items.Any(IsOrHasSweep),
        ListExtension extension => extension.Items.Any(IsOrHasSweep),
        Replacement replacement => replacement.Value.HasSweepInside,
        DictionaryValue dictionary => dictionary.Entries.Any(entry => IsOrHasSweep(entry.Value)),
        ChoiceSweep choice => choice.Items.Any(IsOrHasSweep),
        ZipSweep { Items: [SweepValue only] } => only.HasSweepInside,
        ZipSweep zip => zip.Items.Any(IsOrHasSweep),
        _ => false,
    };

    private static bool IsOrHasSweep(OverrideValue value) => value is SweepValue or ListExtension or Replacement || value.HasSweepInside;

    /// <summary>The value in override syntax, as <see cref="OverridePrinter"/> writes it.</summary>
    public sealed override string ToString() => OverridePrinter.Print(this);
}

/// <summary><c>null</c>.</summary>
public sealed record NullValue : OverrideValue
{
    /// <summary>The one null.</summary>
    public static NullValue Instance { get; } = new();
}

/// <summary><c>true</c> or <c>false</c>, in any case.</summary>
/// <param name="Value">Which.</param>
public sealed record BooleanValue(bool Value) : OverrideValue;

/// <summary>An integer of any size.</summary>
/// <param name="Value">The number.</param>
public sealed record IntegerValue(BigInteger Value) : OverrideValue;

/// <summary>A floating-point number; <c>inf</c>, <c>-inf</c> and <c>nan</c> are floats too.</summary>
/// <param name="Value">The number.</param>
public sealed record FloatValue(double Value) : OverrideValue;

/// <summary>A string without quotes, escapes already taken out.</summary>
/// <param name="Text">The string. Interpolations stand in it as they were written.</param>
public sealed record TextValue(string Text) : OverrideValue;

/// <summary>A string in quotes, escapes already taken out.</summary>
/// <param name="Text">What is between the quotes.</param>
/// <param name="Quote">The quote: <c>'</c> or <c>"</c>.</param>
public sealed record QuotedValue(string Text, char Quote) : OverrideValue;

/// <summary><c>[a,b]</c>.</summary>
/// <param name="Items">The items in order.</param>
public sealed record ListValue(IReadOnlyList<OverrideValue> Items) : OverrideValue
{
    /// <inheritdoc/>
    public bool Equals(ListValue? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Contents.Hash(Items);
}

/// <summary>One entry of a <see cref="DictionaryValue"/>.</summary>
/// <param name="Key">The key: null, a boolean, a number or an unquoted string.</param>
/// <param name="Value">The value.</param>
public sealed record DictionaryEntry(OverrideValue Key, OverrideValue Value);

/// <summary><c>{a:1,b:2}</c>. No key twice: a later one replaces the value and keeps the place of the first.</summary>
/// <param name="Entries">The entries in order.</param>
public sealed record DictionaryValue(IReadOnlyList<DictionaryEntry> Entries) : OverrideValue
{
    /// <inheritdoc/>
    public bool Equals(DictionaryValue? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => Contents.Hash(Entries);
}

/// <summary><c>extend_list(a,b)</c>: what is appended to a list.</summary>
/// <param name="Items">The items in order.</param>
public sealed record ListExtension(IReadOnlyList<OverrideValue> Items) : OverrideValue
{
    /// <inheritdoc/>
    public bool Equals(ListExtension? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Contents.Hash(Items);
}

/// <summary>
/// <c>replace({a:1})</c>: a mapping that takes the place of the one that is there, where it would otherwise be merged into it.
/// </summary>
/// <param name="Value">A mapping, or a list, which is never merged anyway.</param>
public sealed record Replacement(OverrideValue Value) : OverrideValue;

internal static class Contents
{
    public static int Hash<T>(IReadOnlyList<T> items)
    {
        var hash = default(HashCode);
        foreach (T item in items) hash.Add(item);
        return hash.ToHashCode();
    }
}

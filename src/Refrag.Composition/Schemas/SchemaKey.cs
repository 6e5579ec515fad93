namespace Refrag.Composition;

/// <summary>What a schema says of one key.</summary>
public sealed record SchemaKey
{
    /// <summary>The key, one name, as <c>gpus</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its value may be; anything where nothing is said.</summary>
    public SchemaType Type { get; init; } = SchemaType.Any;

    /// <summary>What it is for, in a sentence; null if nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The least value: of a number itself, of a size in MiB, of a duration in seconds, of a string or a list its length. Null for no
    /// limit.
    /// </summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest value, counted as <see cref="Min"/> is. Null for no limit.</summary>
    public decimal? Max { get; init; }

    /// <summary>The only values that are allowed, as text; empty where all are.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the key must be there and have a value. False by default.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the value may be <c>null</c>. False by default.</summary>
    public bool IsNullable { get; init; }

    /// <summary>The value that the app uses where the configuration has none, as text, for help only; null if nothing is said.</summary>
    public string? Default { get; init; }

    /// <summary>What is said of the items of a list or of the values of a mapping; null if nothing is.</summary>
    public SchemaKey? Items { get; init; }

    /// <summary>What is said of a mapping's own keys; null if nothing is.</summary>
    public Schema? Keys { get; init; }

    /// <summary>The values that are allowed, in words: <c>int, 0 to 8</c>.</summary>
    public string Allowed
    {
        get
        {
            if (Choices.Count > 0) return $"one of {string.Join(", ", Choices)}";
            string type = Type == SchemaType.List && Items is not null ? $"list of {Items.Allowed}" : SchemaTypes.NameOf(Type);
            string range = (Min, Max) switch
            {
                ({ } min, { } max) => $", {SchemaTypes.Show(min, Type)} to {SchemaTypes.Show(max, Type)}",
                ({ } min, null) => $", {SchemaTypes.Show(min, Type)} or more",
                (null, { } max) => $", {SchemaTypes.Show(max, Type)} or less",
                _ => "",
            };
            return type + range + (IsNullable ? ", or null" : "");
        }
    }
}

using Refrag.Composition.Schemas;

namespace Refrag.Composition;

/// <summary>What may stand in a mapping: types, ranges, enumerations, required keys and descriptions.</summary>
public sealed record Schema
{
    /// <summary>What the mapping is for, in a sentence; null if nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>Whether keys that are not declared are mistakes. False by default.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The keys, in the order in which they were declared.</summary>
    public required IReadOnlyList<SchemaKey> Keys { get; init; }

    /// <summary>A schema of these keys, open to others.</summary>
    public static Schema Of(params IEnumerable<SchemaKey> keys) => new() { Keys = [.. keys] };

    /// <summary>
    /// A schema read off a record of yours: the names and types of its properties; <c>required</c>; <c>?</c> for what may be null;
    /// enumerations; records, lists and dictionaries inside; and the attributes <c>[Description]</c>, <c>[Range]</c>,
    /// <c>[AllowedValues]</c> and <c>[DefaultValue]</c>. Keys that the record does not have are mistakes.
    /// </summary>
    /// <param name="type">The record as the JSON source generator knows it: <c>MyContext.Default.Training</c>. The context's naming policy
    /// names the keys.</param>
    public static Schema From(System.Text.Json.Serialization.Metadata.JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return RecordSchema.Of(type);
    }

    /// <summary>What is said of the key <paramref name="name"/>; null if nothing is.</summary>
    public SchemaKey? Find(string name)
    {
        foreach (var key in Keys)
        {
            if (key.Name == name) return key;
        }
        return null;
    }
}

/// <summary>A schema where it applies.</summary>
/// <param name="Package">The mapping that it describes, as <c>env</c>; empty for the whole configuration.</param>
/// <param name="Schema">The schema.</param>
public sealed record PlacedSchema(string Package, Schema Schema)
{
    /// <summary>Every declared key with its full path, <c>env.gpus</c>, nested ones after those that hold them. For help.</summary>
    public IEnumerable<(string Path, SchemaKey Key)> Flatten() => Flatten(Package, Schema);

    private static IEnumerable<(string Path, SchemaKey Key)> Flatten(string package, Schema schema)
    {
        foreach (var key in schema.Keys)
        {
            string path = package.Length == 0 ? key.Name : $"{package}.{key.Name}";
            yield return (path, key);
            foreach (var below in key.Keys is null ? [] : Flatten(path, key.Keys)) yield return below;
        }
    }
}

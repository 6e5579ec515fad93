namespace Refrag.Composition.Schemas;

/// <summary>A schema that was read from a file, or what is wrong with it.</summary>
internal sealed record SchemaFile(Schema Schema, IReadOnlyList<Problem> Problems);

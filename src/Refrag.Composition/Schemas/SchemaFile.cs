namespace Refrag.Composition.Schemas;

/// <summary>A schema that was read from a file, or what is wrong with it.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Problems">What is wrong with the file.</param>
/// <param name="Mark">
/// The key by which a file of another folder is recognised as one that the schema is about; null if it is about all of its group.
/// </param>
internal sealed record SchemaFile(Schema Schema, IReadOnlyList<Problem> Problems, string? Mark = null);

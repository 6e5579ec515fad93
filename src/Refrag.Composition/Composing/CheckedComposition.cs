namespace Refrag.Composition;

/// <summary>A configuration, and what its schemas reject in it.</summary>
/// <param name="Composition">
/// The configuration, with the rejected values in it. If there are any, it has no schemas: resolving it finds what else is wrong.
/// </param>
/// <param name="SchemaProblems">A problem for each value that a schema rejects; empty if they accept all.</param>
public sealed record CheckedComposition(Composition Composition, IReadOnlyList<Problem> SchemaProblems);

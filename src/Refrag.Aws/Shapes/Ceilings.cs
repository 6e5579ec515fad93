namespace Refrag.Aws;

/// <summary>
/// The limits of all texts, lists and maps that have none of their own, so that no request is large in a member that was not thought of.
/// </summary>
/// <param name="Characters">The most characters of a text.</param>
/// <param name="Elements">The most elements of a list and entries of a map.</param>
internal sealed record Ceilings(int Characters, int Elements);

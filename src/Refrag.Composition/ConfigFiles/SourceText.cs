namespace Refrag.Composition.ConfigFiles;

/// <summary>What a file holds, or why it could not be read.</summary>
/// <param name="Path">The path to show to people.</param>
/// <param name="Text">The text; null if it could not be read.</param>
/// <param name="Failure">Why not, as half a sentence.</param>
internal sealed record SourceText(string Path, string? Text, string? Failure = null);

namespace Refrag.Composition;

/// <summary>One step in a value's history: who set it to what.</summary>
/// <param name="Value">The value as it was written there, in YAML; <c>(removed)</c> for a deletion.</param>
/// <param name="Place">Where it was written; null if a program made it.</param>
/// <param name="Origin">Who, in words: the file's name or the argument.</param>
/// <param name="IsShadowed">Whether a later step replaced it. The last step that is not shadowed gives the value.</param>
public sealed record Explanation(string Value, Place? Place, string Origin, bool IsShadowed);

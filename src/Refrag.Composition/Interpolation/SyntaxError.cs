namespace Refrag.Composition.Interpolation;

/// <summary>Why a text is not of the grammar.</summary>
/// <param name="At">Where in the text, from 0.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Cure">What to do about it.</param>
internal sealed record SyntaxError(int At, string What, string Cure);

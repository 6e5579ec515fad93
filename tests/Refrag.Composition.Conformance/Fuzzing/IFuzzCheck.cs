namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>Makes texts of one language, and says what must hold for each of them, whatever it is.</summary>
internal interface IFuzzCheck
{
    /// <summary>The text that these choices make.</summary>
    string Text(Chance chance);

    /// <summary>What does not hold; null if all does. An exception is a finding too.</summary>
    /// <param name="text">The text.</param>
    /// <param name="accepted">Whether the text was taken.</param>
    string? Failure(string text, out bool accepted);
}

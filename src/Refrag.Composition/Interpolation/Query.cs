namespace Refrag.Composition.Interpolation;

/// <summary>A key that is looked for.</summary>
/// <param name="Key">The key as it was written, for messages.</param>
/// <param name="Path">Its parts.</param>
/// <param name="RefuseMissing">Whether <c>???</c> on the way is a problem.</param>
/// <param name="MustExist">Whether an absent key is a problem.</param>
/// <param name="Place">Where problems point.</param>
internal sealed record Query(string Key, IReadOnlyList<string> Path, bool RefuseMissing, bool MustExist, Func<Place?> Place);

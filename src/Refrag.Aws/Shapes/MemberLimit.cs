using System.Text.RegularExpressions;

namespace Refrag.Aws;

/// <summary>A limit beyond the API model: one that AWS documents, or one of the embedded engine.</summary>
/// <param name="Min">The least value of a number, length of a text, or count of a list; null if there is none.</param>
/// <param name="Max">The greatest; null if there is none.</param>
/// <param name="Pattern">What a text must look like; null if anything goes.</param>
/// <param name="Words">The pattern in words, after "must be" or "must have".</param>
/// <param name="IsEngines">Whether the embedded engine sets it, and not AWS.</param>
internal sealed record MemberLimit(
    double? Min = null, double? Max = null, Regex? Pattern = null, string? Words = null, bool IsEngines = false);

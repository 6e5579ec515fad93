namespace Refrag.Engine.Jobs.Rules;

/// <summary>The patterns of EvaluateOnExit: plain text, or the beginning of one with <c>*</c> at its end. (API EvaluateOnExit)</summary>
internal static class EndPattern
{
    /// <summary>
    /// Whether <paramref name="pattern"/> describes all of <paramref name="text"/>. Case counts: AWS does not say, and its reasons are
    /// cased.
    /// </summary>
    public static bool Matches(string pattern, string text) => pattern is [.. var start, '*']
        ? text.StartsWith(start, StringComparison.Ordinal)
        : string.Equals(pattern, text, StringComparison.Ordinal);
}

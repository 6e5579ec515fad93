namespace Refrag.Diagnosis;

/// <summary>
/// Looks for phrases in a text of AWS as whole words: <c>AMI</c> is not in "family", nor <c>403</c> in an account's
/// number.
/// </summary>
internal static class AwsWords
{
    /// <summary>Whether a phrase stands in a text, with no letter or digit directly before or after it.</summary>
    public static bool Has(string text, string phrase, StringComparison comparison = StringComparison.OrdinalIgnoreCase) =>
        At(text, phrase, comparison).Any();

    /// <summary>Whether an error's name stands where names stand: at the beginning, or after a colon or a dash.</summary>
    public static bool Names(string text, string error) => At(text, error, StringComparison.Ordinal).Any(at =>
        text.AsSpan(0, at).TrimEnd() is var before && (before.Length == 0 || before[^1] is ':' or '-' or '('));

    /// <summary>
    /// A text without the quoting that the container engine's errors bring along when they stand in one another: <c>exec: \\\"</c>, and
    /// <c>\n</c> for the end of a line.
    /// </summary>
    public static string Plain(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? text.Replace("\\n", " ", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)
        : text;

    /// <summary>
    /// Whether CloudWatch Logs' hosts in a text are of regions, by the form of their names (<c>us-east-1</c>): <c>logs.undefined…</c> is
    /// the log of a definition that names none.
    /// </summary>
    public static bool NamesOnlyRegions(string text)
    {
        const string Service = "://logs.", Domain = ".amazonaws.com";
        int from = text.IndexOf(Service, StringComparison.Ordinal);
        int to = from < 0 ? -1 : text.IndexOf(Domain, from, StringComparison.Ordinal);
        if (to < 0) return true;
        string[] parts = text[(from + Service.Length)..to].Split('-');
        return parts.Length >= 3 && parts[^1].All(char.IsAsciiDigit);
    }

    private static IEnumerable<int> At(string text, string phrase, StringComparison comparison)
    {
        for (int at = text.IndexOf(phrase, comparison); at >= 0; at = text.IndexOf(phrase, at + 1, comparison))
        {
            int end = at + phrase.Length;
            bool joinedBefore = at > 0 && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(phrase[0]);
            bool joinedAfter = end < text.Length && char.IsLetterOrDigit(text[end]) && char.IsLetterOrDigit(phrase[^1]);
            if (!joinedBefore && !joinedAfter) yield return at;
        }
    }
}

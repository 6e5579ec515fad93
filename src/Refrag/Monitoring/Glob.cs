namespace Refrag.Monitoring;

/// <summary>Names with <c>*</c> for any characters and <c>?</c> for one. Lower and upper case differ.</summary>
public static class Glob
{
    /// <summary>Whether the text is a pattern rather than a name.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether the name matches. Takes no more time than the two lengths multiplied.</summary>
    public static bool Matches(string pattern, string name)
    {
        (int p, int n, int star, int mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // What the last star stands for becomes one character longer.
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>
    /// The pattern as ListJobs understands it: a name, or a beginning and <c>*</c>; null if it begins with a wildcard. (API ListJobs)
    /// </summary>
    internal static string? Beginning(string pattern)
    {
        int wild = pattern.AsSpan().IndexOfAny('*', '?');
        return wild switch { < 0 => pattern, 0 => null, _ => pattern[..wild] + "*" };
    }
}

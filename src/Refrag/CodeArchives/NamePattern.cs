namespace Refrag.CodeArchives;

/// <summary>
/// Names with <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c> and <c>\</c> before a character that stands for itself, as in fnmatch(3).
/// </summary>
internal static class NamePattern
{
    /// <summary>Whether the name matches. Takes no more time than the two lengths multiplied.</summary>
    public static bool Matches(string pattern, ReadOnlySpan<char> name)
    {
        (int p, int n, int star, int mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && One(pattern, p, name[n]) is { } next)
            {
                p = next;
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

    // Where the pattern continues after it matched one character; null if it does not.
    private static int? One(string pattern, int at, char character) => pattern[at] switch
    {
        '?' => at + 1,
        '[' when Class(pattern, at, character) is var (isIn, end) && end > 0 => isIn ? end : null,
        '\\' when at + 1 < pattern.Length => pattern[at + 1] == character ? at + 2 : null,
        var literal => literal == character ? at + 1 : null,
    };

    // An open bracket that is not closed stands for itself: the end is 0.
    private static (bool IsIn, int End) Class(string pattern, int at, char character)
    {
        int i = at + 1;
        bool isNegated = i < pattern.Length && pattern[i] is '!' or '^';
        if (isNegated) i++;
        bool isIn = false;
        // A closing bracket at the beginning is a member.
        for (int first = i; i < pattern.Length && (pattern[i] != ']' || i == first); i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length) i++;
            char low = pattern[i];
            char high = low;
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                high = pattern[i + 2];
                i += 2;
            }
            isIn |= character >= low && character <= high;
        }
        return i < pattern.Length ? (isIn != isNegated, i + 1) : (false, 0);
    }
}

namespace Refrag.Composition.Sweeps;

/// <summary>
/// File-name patterns: <c>*</c> any text, <c>?</c> one character, <c>[a-z]</c> one of these, <c>[!a-z]</c> one of the others. Takes time of
/// pattern times name at most, whatever the pattern.
/// </summary>
internal static class GlobPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // Greedy, going back to the last star only: an earlier one can never help where that fails.
        int p = 0, n = 0, star = -1, afterStar = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, afterStar) = (++p, n);
            }
            else if (p < pattern.Length && One(pattern, p, name[n], out int next))
            {
                (p, n) = (next, n + 1);
            }
            else if (star >= 0)
            {
                (p, n) = (star, ++afterStar);
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool One(ReadOnlySpan<char> pattern, int at, char c, out int next)
    {
        next = at + 1;
        if (pattern[at] == '?') return true;
        int close = pattern[at] == '[' ? Close(pattern, at) : -1;
        if (close < 0) return pattern[at] == c;
        next = close + 1;
        ReadOnlySpan<char> set = pattern[(at + 1)..close];
        return set[0] == '!' ? !InSet(set[1..], c) : InSet(set, c);
    }

    // A bracket right after the opening one, or after its !, is one of the set. Where nothing closes it, a bracket is itself.
    private static int Close(ReadOnlySpan<char> pattern, int open)
    {
        int at = open + 1;
        if (at < pattern.Length && pattern[at] == '!') at++;
        if (at < pattern.Length && pattern[at] == ']') at++;
        int close = at <= pattern.Length ? pattern[at..].IndexOf(']') : -1;
        return close < 0 ? -1 : at + close;
    }

    private static bool InSet(ReadOnlySpan<char> set, char c)
    {
        for (int i = 0; i < set.Length; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            if (range ? set[i] <= c && c <= set[i + 2] : set[i] == c) return true;
            if (range) i += 2;
        }
        return false;
    }
}

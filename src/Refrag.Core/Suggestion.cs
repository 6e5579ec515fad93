namespace Refrag;

/// <summary>"Did you mean": the known name nearest to what was typed.</summary>
public static class Suggestion
{
    // A third of the word may be wrong; beyond that a suggestion confuses more than it helps.
    private const int LettersForOneMistake = 3;

    // Longer words are compared no further: the cost is quadratic and the input may be hostile.
    private const int LongestWord = 128;

    // The same holds for how many names are compared.
    private const int MostCompared = 1000;

    /// <summary>The nearest of <paramref name="known"/>, or null if none is near. Case counts half as much as a wrong letter.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        if (typed.Length is 0 or > LongestWord) return null;
        // Distances count half mistakes, so that a difference of case costs one and a wrong letter two.
        int allowed = 2 * Math.Max(1, typed.Length / LettersForOneMistake);
        string? best = null;
        int furthest = allowed / 2;
        IEnumerable<string> near =
            known.Where(name => name.Length <= LongestWord && Math.Abs(name.Length - typed.Length) <= furthest && name != typed);
        foreach (string candidate in near.Take(MostCompared).Order(StringComparer.Ordinal))
        {
            int distance = Distance(typed, candidate);
            if (distance > allowed || (best is not null && distance == allowed)) continue;
            (best, allowed) = (candidate, distance);
        }
        return best;
    }

    /// <summary>" Did you mean X?" with a leading space, or an empty string.</summary>
    public static string Sentence(string typed, IEnumerable<string> known) =>
        Nearest(typed, known) is { } nearest ? $" Did you mean {nearest}?" : "";

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) rows[i, 0] = 2 * i;
        for (int j = 0; j <= b.Length; j++) rows[0, j] = 2 * j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int best = Math.Min(rows[i - 1, j] + 2, rows[i, j - 1] + 2);
                best = Math.Min(best, rows[i - 1, j - 1] + LetterCost(a[i - 1], b[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, rows[i - 2, j - 2] + 2);
                rows[i, j] = best;
            }
        }
        return rows[a.Length, b.Length];
    }

    private static int LetterCost(char a, char b)
    {
        if (a == b) return 0;
        return char.ToLowerInvariant(a) == char.ToLowerInvariant(b) ? 1 : 2;
    }
}

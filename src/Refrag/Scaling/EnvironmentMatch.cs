namespace Refrag.Scaling;

/// <summary>Finds a compute environment by what people call it.</summary>
public static class EnvironmentMatch
{
    // What the stack puts behind the name of an environment whose settings have changed: a hyphen and this many hexadecimal digits.
    private const int SuffixLength = 8;

    /// <summary>
    /// The environment of this name; else those whose name has its words in a row, a word being what is between two hyphens. Of these the
    /// one whose words all others have too, and more: <c>cpu</c> is <c>refrag-cpu-compute-env</c> beside
    /// <c>refrag-cpu-on-demand-compute-env</c>, which <c>cpu-on-demand</c> names.
    /// </summary>
    /// <param name="names">The names of all environments.</param>
    /// <param name="wanted">The name, or words of it.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> names, string wanted)
    {
        string[] all = [.. names];
        if (all.Contains(wanted, StringComparer.Ordinal)) return [wanted];
        string[] near = [.. all.Where(one => $"-{one}-".Contains($"-{wanted}-", StringComparison.Ordinal))];
        string[] plainest = [.. near.Where(one => near.All(other => other == one || HasMore(other, one)))];
        return plainest.Length == 1 ? plainest : near;
    }

    private static bool HasMore(string name, string than) => Words(name).IsProperSupersetOf(Words(than));

    // Without the suffix, which says nothing of what the environment is for.
    private static HashSet<string> Words(string name)
    {
        string[] words = name.Split('-');
        return [.. words[^1].Length == SuffixLength && words[^1].All(char.IsAsciiHexDigitLower) ? words[..^1] : words];
    }
}

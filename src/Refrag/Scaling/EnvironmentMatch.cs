namespace Refrag.Scaling;

/// <summary>Finds a compute environment by what people call it.</summary>
public static class EnvironmentMatch
{
    /// <summary>The environment of this name; else those whose name has it as one of the words between its hyphens.</summary>
    /// <param name="names">The names of all environments.</param>
    /// <param name="wanted">The name or the word.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> names, string wanted)
    {
        string[] all = [.. names];
        return all.Contains(wanted, StringComparer.Ordinal)
            ? [wanted]
            : [.. all.Where(one => one.Split('-').Contains(wanted, StringComparer.Ordinal))];
    }
}

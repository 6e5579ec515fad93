namespace Refrag.SourceAnalysis;

/// <summary>Finds groups of folders that use one another in a circle.</summary>
public static class FolderCycles
{
    /// <summary>
    /// Lists the circles of a project, the largest first: each a set of folders, and from any of them every other folder of the set can be
    /// reached.
    /// </summary>
    /// <param name="uses">The uses between the folders of one project.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<FolderUse> uses)
    {
        ILookup<string, string> to = uses.ToLookup(use => use.From, use => use.To);
        List<string> folders = [.. to.SelectMany(group => group.Append(group.Key)).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, HashSet<string>> reach = folders.ToDictionary(folder => folder, folder => Reach(to, folder));
        bool AreInOneCircle(string one, string other) => one == other || (reach[one].Contains(other) && reach[other].Contains(one));
        return [.. folders.GroupBy(folder => folders.First(other => AreInOneCircle(folder, other))).Where(circle => circle.Count() > 1)
            .Select(IReadOnlyList<string> (circle) => [.. circle]).OrderByDescending(circle => circle.Count)];
    }

    private static HashSet<string> Reach(ILookup<string, string> to, string from)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(to[from]);
        while (open.TryPop(out string? next))
        {
            if (!seen.Add(next)) continue;
            foreach (string further in to[next]) open.Push(further);
        }
        return seen;
    }
}

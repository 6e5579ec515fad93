using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>Merges a definition's container with a submission's overrides.</summary>
internal static class NodePlanner
{
    private const string Reserved = "AWS_BATCH";

    /// <summary>One node. What is wrong is reported to <paramref name="wrong"/>, and then the result is not to be used.</summary>
    public static NodePlan Plan(
        ContainerProperties container, ContainerOverrides? overrides, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        IReadOnlyList<ResourceRequirement> requirements = RequirementRules.Merge(container, overrides);
        IReadOnlyList<string> command = Placeholders.Fill(overrides?.Command ?? container.Command ?? [], parameters);
        if (command.Any(argument => argument.Contains('\0'))) wrong("an argument of the command contains a NUL character. Remove it");
        return new NodePlan
        {
            Command = command,
            Environment = Variables(container.Environment, overrides?.Environment, wrong),
            Demand = RequirementRules.Read(requirements, wrong),
            Requirements = requirements,
            OldFields = RequirementRules.OfOldFields(container, overrides),
            Container = container,
        };
    }

    // By name, the later of two; the records themselves are kept, because a job that waits is held in memory.
    private static List<KeyValuePair> Variables(
        IReadOnlyList<KeyValuePair>? below, IReadOnlyList<KeyValuePair>? above, Action<string> wrong)
    {
        var merged = new List<KeyValuePair>((below?.Count ?? 0) + (above?.Count ?? 0));
        foreach (KeyValuePair pair in below ?? []) Add(merged, pair, wrong);
        foreach (KeyValuePair pair in above ?? []) Add(merged, pair, wrong);
        return merged;
    }

    private static void Add(List<KeyValuePair> merged, KeyValuePair pair, Action<string> wrong)
    {
        string name = pair.Name ?? "";
        Check(name, wrong);
        if (pair.Value?.Contains('\0') == true) wrong($"the value of environment variable {name} contains a NUL character. Remove it");
        int low = 0;
        int high = merged.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(merged[middle].Name ?? "", name) < 0) low = middle + 1;
            else high = middle;
        }
        if (low < merged.Count && merged[low].Name == pair.Name) merged[low] = pair;
        else merged.Insert(low, pair);
    }

    private static void Check(string name, Action<string> wrong)
    {
        if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
            wrong($"\"{name}\" is not a name that an environment variable can have. Use letters, digits and underscores");
        if (name.StartsWith(Reserved, StringComparison.Ordinal))
            wrong($"environment variable {name}: names that begin with {Reserved} belong to Batch. Choose another name");
    }
}

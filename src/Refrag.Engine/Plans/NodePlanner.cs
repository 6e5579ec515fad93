using Refrag.Aws.Batch;

namespace Refrag.Engine.Plans;

/// <summary>Merges a definition's container with a submission's overrides.</summary>
internal static class NodePlanner
{
    private const string Reserved = "AWS_BATCH";

    /// <summary>One node. What is wrong is told to <paramref name="wrong"/>, and then the result is not to be used.</summary>
    public static NodePlan Plan(
        ContainerProperties container, ContainerOverrides? overrides, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        IReadOnlyList<ResourceRequirement> requirements = Requirements.Merge(container, overrides);
        IReadOnlyList<string> command = Placeholders.Fill(overrides?.Command ?? container.Command ?? [], parameters);
        return new NodePlan
        {
            Command = command,
            Environment = Variables(container.Environment, overrides?.Environment, wrong),
            Demand = Requirements.Read(requirements, wrong),
            Requirements = requirements,
            Container = container,
        };
    }

    private static List<KeyValuePair> Variables(IReadOnlyList<KeyValuePair>? below, IReadOnlyList<KeyValuePair>? above, Action<string> wrong)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair pair in (below ?? []).Concat(above ?? []))
        {
            string name = pair.Name ?? "";
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0'))
                wrong($"\"{name}\" is not a name that an environment variable can have. Use letters, digits and underscores");
            if (name.StartsWith(Reserved, StringComparison.Ordinal))
                wrong($"environment variable {name}: names that begin with {Reserved} belong to Batch. Choose another name");
            merged[name] = pair.Value ?? "";
        }
        return [.. merged.Select(pair => new KeyValuePair { Name = pair.Key, Value = pair.Value })];
    }
}

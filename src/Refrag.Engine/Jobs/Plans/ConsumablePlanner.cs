using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>What a job takes of consumable resources: what the submission says, else what the definition says.</summary>
internal static class ConsumablePlanner
{
    private static readonly IReadOnlyDictionary<string, long> s_nothing = new Dictionary<string, long>();

    /// <summary>
    /// Names and amounts; of a multi-node job, those of all nodes together. What is wrong is reported to <paramref name="wrong"/>.
    /// </summary>
    /// <param name="request">The submission.</param>
    /// <param name="definition">The definition.</param>
    /// <param name="arns">
    /// What ARNs are checked against; null for a stored job, for earlier versions took a resource by its name, whichever region its ARN was
    /// of.
    /// </param>
    /// <param name="wrong">Hears what is wrong.</param>
    public static IReadOnlyDictionary<string, long> Plan(
        SubmitJobRequest request, JobDefinition definition, LocalArns? arns, Action<string> wrong)
    {
        var all = new Dictionary<string, long>(StringComparer.Ordinal);
        if (definition.NodeProperties is { } nodes) Add(all, nodes, request.NodeOverrides, arns, wrong);
        else Add(all, request.ConsumableResourcePropertiesOverride ?? definition.ConsumableResourceProperties, 1, arns, wrong);
        return all.Count == 0 ? s_nothing : all;
    }

    private static void Add(
        Dictionary<string, long> all, NodeProperties nodes, NodeOverrides? overrides, LocalArns? arns, Action<string> wrong)
    {
        int count = overrides?.NumNodes ?? nodes.NumNodes ?? 0;
        foreach (NodeRangeProperty range in nodes.NodeRangeProperties)
        {
            ConsumableResourceProperties? above = overrides?.NodePropertyOverrides?
                .FirstOrDefault(one => one.TargetNodes == range.TargetNodes)?.ConsumableResourcePropertiesOverride;
            Add(all, above ?? range.ConsumableResourceProperties, NodeRange.Read(range.TargetNodes, count)?.Count ?? 0, arns, wrong);
        }
    }

    private static void Add(
        Dictionary<string, long> all, ConsumableResourceProperties? properties, int times, LocalArns? arns, Action<string> wrong)
    {
        foreach (ConsumableResourceRequirement one in properties?.ConsumableResourceList ?? [])
        {
            string name = LocalArn.NameOf(one.ConsumableResource ?? "");
            if (arns is not null && !arns.MayName(one.ConsumableResource ?? "")) wrong($"{one.ConsumableResource} is not in {arns.Region}");
            else if (one.Quantity is < 0 or > EngineLimits.ConsumableUnits)
                wrong($"{one.Quantity} units of {name} are not possible. Give 0 to {EngineLimits.ConsumableUnits}");
            else all[name] = all.GetValueOrDefault(name) + ((one.Quantity ?? 0) * times);
        }
    }
}

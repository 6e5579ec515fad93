using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>Lays out the nodes of a multi-node job. (UG multi-node-parallel-jobs; API NodeProperties, NodeOverrides)</summary>
internal static class MultiNodePlanner
{
    /// <summary>The properties with the overridden number of nodes.</summary>
    public static NodeProperties Properties(NodeProperties properties, NodeOverrides? overrides) =>
        properties with { NumNodes = overrides?.NumNodes ?? properties.NumNodes };

    /// <summary>
    /// One plan a node; nodes of one range share theirs. What is wrong is reported to <paramref name="wrong"/>, and then the result is not
    /// to be used.
    /// </summary>
    public static IReadOnlyList<NodePlan> Plan(
        NodeProperties properties, NodeOverrides? overrides, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        int count = properties.NumNodes ?? 0;
        if (count is < 1 or > BatchLimits.Nodes)
        {
            wrong(string.Create(CultureInfo.InvariantCulture,
                $"a multi-node job of {count} nodes is not possible. Set numNodes to 1 to {BatchLimits.Nodes}"));
            return [];
        }
        if (properties.MainNode is not { } main || main < 0 || main >= count)
            wrong(string.Create(
                CultureInfo.InvariantCulture, $"the main node {properties.MainNode} is none of the {count} nodes. Count from 0"));
        foreach (string range in Ranges(properties, overrides).Where(range => NodeRange.Read(range, count) is null))
            wrong(string.Create(CultureInfo.InvariantCulture,
                $"targetNodes \"{range}\" is not a range of the {count} nodes. Write n, n:m, n: or :m, counted from 0"));
        NodeRangeProperty?[] ranges = Narrowest(properties.NodeRangeProperties, one => one.TargetNodes, count);
        NodePropertyOverride?[] above = Narrowest(overrides?.NodePropertyOverrides ?? [], one => one.TargetNodes, count);
        var planned = new List<NodePlan>(count);
        for (int node = 0; node < count; node++)
        {
            bool isAsBefore = planned.Count > 0 && ReferenceEquals(ranges[node], ranges[node - 1])
                && ReferenceEquals(above[node], above[node - 1]);
            if ((isAsBefore ? planned[^1] : PlanNode(ranges[node], above[node], node, parameters, wrong)) is not { } plan) return [];
            planned.Add(plan);
        }
        return planned;
    }

    /// <summary>The task of a node and what the submission says over it; null if the node has none.</summary>
    public static (EcsProperties Properties, EcsPropertiesOverride? Above)? Task(
        NodeProperties properties, NodeOverrides? overrides, int node)
    {
        int count = properties.NumNodes ?? 0;
        return Narrowest(properties.NodeRangeProperties, one => one.TargetNodes, count)[node]?.EcsProperties is { } ecs
            ? (ecs, Narrowest(overrides?.NodePropertyOverrides ?? [], one => one.TargetNodes, count)[node]?.EcsPropertiesOverride)
            : null;
    }

    private static NodePlan? PlanNode(
        NodeRangeProperty? range, NodePropertyOverride? above, int node, IReadOnlyDictionary<string, string> parameters,
        Action<string> wrong)
    {
        if (range?.Container is { } container) return NodePlanner.Plan(container, above?.ContainerOverrides, parameters, wrong);
        if (range?.EcsProperties is { } ecs) return EcsPlanner.Plan(ecs, above?.EcsPropertiesOverride, parameters, wrong);
        if (range?.EksProperties is { } eks) return EksPlanner.Plan(eks, above?.EksPropertiesOverride, parameters, wrong);
        wrong(string.Create(CultureInfo.InvariantCulture, $"no entry of nodeRangeProperties with a container covers node {node}. Add one"));
        return null;
    }

    // The entry of each node. Ranges may be nested; then the inner one counts. (API NodeRangeProperty.targetNodes)
    private static T?[] Narrowest<T>(IEnumerable<T> entries, Func<T, string> range, int count)
        where T : class
    {
        var found = new T?[count];
        // From the widest to the narrowest, and of two that are as wide the first last.
        foreach (var (entry, one) in entries.Select(entry => (Entry: entry, Range: NodeRange.Read(range(entry), count)))
            .Reverse().OrderByDescending(one => one.Range?.Count))
        {
            if (one is { } covered) Array.Fill(found, entry, covered.First, covered.Count);
        }
        return found;
    }

    private static IEnumerable<string> Ranges(NodeProperties properties, NodeOverrides? overrides) =>
        properties.NodeRangeProperties
            .Select(one => one.TargetNodes).Concat((overrides?.NodePropertyOverrides ?? []).Select(one => one.TargetNodes));
}

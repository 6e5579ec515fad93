using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Plans;

/// <summary>Lays out the nodes of a multi-node job. (UG multi-node-parallel-jobs; API NodeProperties, NodeOverrides)</summary>
internal static class MultiNodePlanner
{
    /// <summary>The properties with the overridden number of nodes.</summary>
    public static NodeProperties Properties(NodeProperties properties, NodeOverrides? overrides) =>
        properties with { NumNodes = overrides?.NumNodes ?? properties.NumNodes };

    /// <summary>One plan a node. What is wrong is told to <paramref name="wrong"/>, and then the result is not to be used.</summary>
    public static IReadOnlyList<NodePlan> Plan(
        NodeProperties properties, NodeOverrides? overrides, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        int count = properties.NumNodes ?? 0;
        if (count < 1) wrong("a multi-node job needs at least one node. Set numNodes");
        if (properties.MainNode is not { } main || main < 0 || main >= count)
            wrong(string.Create(CultureInfo.InvariantCulture, $"the main node {properties.MainNode} is none of the {count} nodes. Count from 0"));
        foreach (string range in Ranges(properties, overrides).Where(range => NodeRange.Read(range, count) is null))
            wrong(string.Create(CultureInfo.InvariantCulture, $"targetNodes \"{range}\" is no range of the {count} nodes. Write n, n:m, n: or :m, counted from 0"));
        return [.. Enumerable.Range(0, Math.Max(0, count)).Select(node => PlanNode(properties, overrides, node, parameters, wrong)).OfType<NodePlan>()];
    }

    /// <summary>The task of a node and what the submission says over it; null where the node has none.</summary>
    public static (EcsProperties Properties, EcsPropertiesOverride? Above)? Task(NodeProperties properties, NodeOverrides? overrides, int node)
    {
        int count = properties.NumNodes ?? 0;
        return Narrowest(properties.NodeRangeProperties, one => one.TargetNodes, node, count)?.EcsProperties is { } ecs
            ? (ecs, Narrowest(overrides?.NodePropertyOverrides ?? [], one => one.TargetNodes, node, count)?.EcsPropertiesOverride)
            : null;
    }

    private static NodePlan? PlanNode(
        NodeProperties properties, NodeOverrides? overrides, int node, IReadOnlyDictionary<string, string> parameters, Action<string> wrong)
    {
        int count = properties.NumNodes ?? 0;
        NodeRangeProperty? range = Narrowest(properties.NodeRangeProperties, one => one.TargetNodes, node, count);
        NodePropertyOverride? above = Narrowest(overrides?.NodePropertyOverrides ?? [], one => one.TargetNodes, node, count);
        if (range?.Container is { } container) return NodePlanner.Plan(container, above?.ContainerOverrides, parameters, wrong);
        if (range?.EcsProperties is { } ecs) return EcsPlanner.Plan(ecs, above?.EcsPropertiesOverride, parameters, wrong);
        if (range?.EksProperties is { } eks) return Pods.Plan(eks, above?.EksPropertiesOverride, parameters, wrong);
        wrong(string.Create(CultureInfo.InvariantCulture, $"no entry of nodeRangeProperties with a container covers node {node}. Add one"));
        return null;
    }

    // Ranges may be nested; then the inner one counts. (API NodeRangeProperty.targetNodes)
    private static T? Narrowest<T>(IEnumerable<T> entries, Func<T, string> range, int node, int count)
        where T : class => entries
            .Select(entry => (Entry: entry, Range: NodeRange.Read(range(entry), count)))
            .Where(one => one.Range?.Contains(node) == true)
            .OrderBy(one => one.Range!.Value.Count)
            .FirstOrDefault().Entry;

    private static IEnumerable<string> Ranges(NodeProperties properties, NodeOverrides? overrides) =>
        properties.NodeRangeProperties.Select(one => one.TargetNodes).Concat((overrides?.NodePropertyOverrides ?? []).Select(one => one.TargetNodes));
}

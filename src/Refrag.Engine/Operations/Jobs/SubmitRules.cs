using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Operations.Definitions;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>
/// What a submission must fulfil together with its queue and definition. Jobs that are stored already were accepted by the rules of their
/// time and are not asked again.
/// </summary>
internal static class SubmitRules
{
    /// <summary>Everything that is wrong; empty if nothing is.</summary>
    /// <param name="request">The submission.</param>
    /// <param name="definition">The definition that it names.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="plan">What came of both.</param>
    /// <param name="isWithoutSecrets">Whether jobs that have secrets would run without them here.</param>
    public static IReadOnlyList<string> Check(
        SubmitJobRequest request, JobDefinition definition, JobQueueDetail queue, JobPlan plan, bool isWithoutSecrets)
    {
        List<string> wrong = [];
        bool isFargate = queue.JobQueueType == JobQueueType.EcsFargate
            || definition.PlatformCapabilities?.Contains(PlatformCapability.Fargate) == true;
        if (isFargate && definition.ContainerProperties is not null) CheckFargate(request.ContainerOverrides, plan, wrong.Add);
        if (!isFargate) CheckEc2(request, wrong.Add);
        if (definition.NodeProperties is { } nodes) CheckTargets(request.NodeOverrides, nodes, wrong.Add);
        if (request.ShareIdentifier is not null && plan.Priority is null)
            wrong.Add("Either schedulingPriority in job definition or schedulingPriorityOverride is required with a shareIdentifier");
        if (isWithoutSecrets && plan.Simulated is null && plan.Nodes.Any(HasSecrets))
            wrong.Add(SecretValues.NotKnown);
        return wrong;
    }

    private static void CheckFargate(ContainerOverrides? overrides, JobPlan plan, Action<string> wrong)
    {
        // AWS's own words of the first two.
        if (overrides?.Vcpus is not null) wrong("vcpus is not applicable for Fargate. Use resource requirements instead");
        if (overrides?.Memory is not null) wrong("memory is not applicable for Fargate. Use resource requirements instead");
        FargateRules.CheckSize(plan.Nodes[0].Demand, wrong);
    }

    private static void CheckEc2(SubmitJobRequest request, Action<string> wrong)
    {
        IEnumerable<ContainerOverrides?> all =
            [request.ContainerOverrides, .. (request.NodeOverrides?.NodePropertyOverrides ?? []).Select(one => one.ContainerOverrides)];
        foreach (ResourceRequirement one in all.SelectMany(overrides => overrides?.ResourceRequirements ?? []))
        {
            if (one.Type == ResourceType.Vcpu && !BatchLimits.IsWhole(one.Value))
                wrong($"Value {one.Value} for type VCPU in resourceRequirement is not valid. On EC2 it must be a whole number");
        }
    }

    // By what they mean, not by how they are written: AWS's message leaves open which it is.
    private static void CheckTargets(NodeOverrides? overrides, NodeProperties nodes, Action<string> wrong)
    {
        int count = overrides?.NumNodes ?? nodes.NumNodes ?? 0;
        HashSet<NodeRange?> known = [.. nodes.NodeRangeProperties.Select(one => NodeRange.Read(one.TargetNodes, count))];
        string[] strange = [.. (overrides?.NodePropertyOverrides ?? []).Select(one => one.TargetNodes)
            .Where(targets => !known.Contains(NodeRange.Read(targets, count)))];
        if (strange.Length > 0)
            wrong($"NodeOverride targets should match job definition. Non matching targets - {string.Join(", ", strange)}");
    }

    private static bool HasSecrets(NodePlan node) =>
        node.Container.Secrets is { Count: > 0 } || node.Containers.Any(one => HasSecrets(one.Plan));
}

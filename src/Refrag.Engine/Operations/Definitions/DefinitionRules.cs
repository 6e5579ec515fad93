using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Operations.Definitions;

/// <summary>What the members of a job definition must fulfil together. (API RegisterJobDefinition)</summary>
internal static class DefinitionRules
{

    /// <summary>Refuses what Batch refuses; all that is wrong at once.</summary>
    public static void Check(RegisterJobDefinitionRequest request)
    {
        List<string> wrong = [];
        bool isMultiNode = request.Type == JobDefinitionType.Multinode;
        if (!isMultiNode && request.Type != JobDefinitionType.Container)
            wrong.Add($"the type {request.Type} is unknown; use container or multinode");
        if (isMultiNode && request.NodeProperties is null) wrong.Add("a definition of type multinode needs nodeProperties");
        if (!isMultiNode && Count(request.ContainerProperties, request.EcsProperties, request.EksProperties) != 1)
            wrong.Add("a definition of type container needs exactly one of containerProperties, ecsProperties and eksProperties");
        if (isMultiNode && Count(request.ContainerProperties, request.EcsProperties, request.EksProperties) > 0)
            wrong.Add("a definition of type multinode has its containers in nodeProperties only");
        bool isFargate = request.PlatformCapabilities?.Contains(PlatformCapability.Fargate) == true;
        if (isFargate && isMultiNode) wrong.Add("multi-node jobs do not run on Fargate");
        CheckManagedInstances(request, wrong.Add);
        if (request.EksProperties is not null && request.PlatformCapabilities is { Count: > 0 })
            wrong.Add("platformCapabilities must not be given with eksProperties");
        // False is what the API means by leaving it out, and Terraform's provider always says it.
        if (request.EksProperties is not null && request.PropagateTags == true)
            wrong.Add("propagateTags must not be true with eksProperties");
        if (request.ContainerProperties is { } container) CheckContainer(container, isFargate, wrong.Add);
        if (request.EcsProperties is { } ecs) EcsPlanner.Check(ecs, wrong.Add);
        if (request.EksProperties is { } eks) CheckPod(eks, wrong.Add);
        foreach (NodeRangeProperty range in request.NodeProperties?.NodeRangeProperties ?? []) CheckRange(range, wrong.Add);
        if (request.NodeProperties is { } nodes) CheckCover(nodes, wrong.Add);
        if (wrong.Count > 0) throw new Refusal($"{string.Join("; ", wrong.Distinct())}.");
    }

    // API RegisterJobDefinition.platformCapabilities, EcsTaskProperties.networkMode.
    private static void CheckManagedInstances(RegisterJobDefinitionRequest request, Action<string> wrong)
    {
        bool isManaged = request.PlatformCapabilities?.Contains(PlatformCapability.ManagedInstances) == true;
        if (isManaged && request.Type == JobDefinitionType.Multinode) wrong("multi-node jobs do not run on managed instances");
        else if (isManaged && request.EcsProperties is null)
            wrong($"a definition for {PlatformCapability.ManagedInstances} needs ecsProperties");
        foreach (string mode in (request.EcsProperties?.TaskProperties ?? []).Select(task => task.NetworkMode).OfType<string>())
        {
            if (!isManaged) wrong($"networkMode is for {PlatformCapability.ManagedInstances} only");
            else if (mode != EcsPlanner.HostNetwork) wrong($"networkMode {mode} is unknown; use {EcsPlanner.HostNetwork}");
        }
    }

    // The ranges must account for all nodes. (API NodeProperties.nodeRangeProperties: 0:n)
    private static void CheckCover(NodeProperties nodes, Action<string> wrong)
    {
        if (nodes.NumNodes is not { } count) return;
        List<NodeRange> ranges = [];
        foreach (string text in nodes.NodeRangeProperties.Select(one => one.TargetNodes))
        {
            if (NodeRange.Read(text, count) is { } range) ranges.Add(range);
            else wrong($"targetNodes \"{text}\" is not a range of the {count} nodes. Write n, n:m, n: or :m, counted from 0");
        }
        int left = Enumerable.Range(0, count).FirstOrDefault(node => !ranges.Exists(range => range.Contains(node)), -1);
        if (left >= 0) wrong($"no entry of nodeRangeProperties covers node {left} of {count}. Add one");
    }

    private static void CheckRange(NodeRangeProperty range, Action<string> wrong)
    {
        if (Count(range.Container, range.EcsProperties, range.EksProperties) != 1)
            wrong($"the node range {range.TargetNodes} needs exactly one of container, ecsProperties and eksProperties");
        if (range.Container is { } container) CheckContainer(container, isFargate: false, wrong);
        if (range.EcsProperties is { } ecs) EcsPlanner.Check(ecs, wrong);
        if (range.EksProperties is { } eks) CheckPod(eks, wrong);
    }

    private static void CheckContainer(ContainerProperties container, bool isFargate, Action<string> wrong)
    {
        if (string.IsNullOrEmpty(container.Image)) wrong("containerProperties.image must be given");
        if (isFargate) FargateRules.Check(container, wrong);
        else if (container is { NetworkConfiguration: not null } or { FargatePlatformConfiguration: not null })
            wrong("networkConfiguration and fargatePlatformConfiguration must not be given for EC2");
        foreach (MountPoint mount in container.MountPoints ?? [])
        {
            if ((container.Volumes ?? []).All(volume => volume.Name != mount.SourceVolume))
                wrong($"the mount point {mount.ContainerPath} names the volume {mount.SourceVolume}, which is not among the volumes");
        }
    }

    private static void CheckPod(EksProperties properties, Action<string> wrong)
    {
        IReadOnlyList<EksContainer> containers = properties.PodProperties?.Containers ?? [];
        if (containers.Count is 0 or > BatchLimits.Containers)
            wrong($"eksProperties.podProperties.containers must have 1 to {BatchLimits.Containers} elements");
        if (containers.Any(one => string.IsNullOrEmpty(one.Image))) wrong("every container of a pod needs an image");
    }

    private static int Count(params ReadOnlySpan<object?> given)
    {
        int count = 0;
        foreach (object? one in given) count += one is null ? 0 : 1;
        return count;
    }
}

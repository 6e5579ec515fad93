namespace Refrag.Aws.Batch;

/// <summary>
/// The limits of the embedded engine where AWS documents none, or one that an account can have raised. They bound the time and the memory
/// of each request: bench/limits.md has the figures, and docs/concepts/server.md lists the limits.
/// </summary>
public static class EngineLimits
{
    /// <summary>
    /// The most vCPUs that a compute environment keeps or starts with. With the smallest types this is near the 5,000 instances of an ECS
    /// cluster. (ECS service-quotas)
    /// </summary>
    public const int KeptVCpus = 10_000;

    /// <summary>The most vCPUs of a compute environment.</summary>
    public const int VCpus = 1_000_000;

    /// <summary>The most vCPUs that one container asks for, several times the largest instance.</summary>
    public const int ContainerVCpus = 10_000;

    /// <summary>The most MiB that one container asks for: 64 TiB, more than the largest instance has.</summary>
    public const int ContainerMebiBytes = 64 * 1024 * 1024;

    /// <summary>The most GPUs that one container asks for, many times the largest instance.</summary>
    public const int ContainerGpus = 1000;

    /// <summary>The most units of a consumable resource.</summary>
    public const long ConsumableUnits = 1_000_000_000_000;

    /// <summary>
    /// The longest stopTimeout and startTimeout of a container, in seconds. (API TaskContainerProperties: 120 on Fargate)
    /// </summary>
    public const int ContainerTimeout = 120;

    /// <summary>The most elements of lists of subnets, security groups, time limits, and the like.</summary>
    public const int ListedNames = 100;

    /// <summary>The most scheduling policies.</summary>
    public const int SchedulingPolicies = 500;

    private const int FilterValues = 10;

    private static readonly MemberLimit s_kept = new(0, KeptVCpus);
    private static readonly MemberLimit s_vCpus = new(0, VCpus);
    private static readonly MemberLimit s_names = new(Max: ListedNames);
    private static readonly MemberLimit s_filters = new(Max: FilterValues);
    private static readonly MemberLimit s_units = new(0, ConsumableUnits);
    private static readonly MemberLimit s_timeout = new(Max: ContainerTimeout);

    private static readonly Dictionary<string, MemberLimit> s_own = new()
    {
        ["NodeProperties.numNodes"] = new(Max: BatchLimits.Nodes),
        ["NodeOverrides.numNodes"] = new(1, BatchLimits.Nodes),
        ["NodeOverrides.nodePropertyOverrides"] = s_names,
        ["ContainerProperties.vcpus"] = new(Max: ContainerVCpus),
        ["ContainerProperties.memory"] = new(Max: ContainerMebiBytes),
        ["ContainerOverrides.vcpus"] = new(Max: ContainerVCpus),
        ["ContainerOverrides.memory"] = new(Max: ContainerMebiBytes),
        ["TaskContainerProperties.startTimeout"] = s_timeout,
        ["TaskContainerProperties.stopTimeout"] = s_timeout,
        ["ComputeResource.minvCpus"] = s_kept,
        ["ComputeResource.desiredvCpus"] = s_kept,
        ["ComputeResource.maxvCpus"] = s_vCpus,
        ["ComputeResource.subnets"] = s_names,
        ["ComputeResource.securityGroupIds"] = s_names,
        ["ComputeResource.instanceTypes"] = s_names,
        ["ManagedInstancesNetworkConfiguration.subnets"] = s_names,
        ["ManagedInstancesNetworkConfiguration.securityGroups"] = s_names,
        ["InstanceRequirementsRequest.allowedInstanceTypes"] = s_names,
        ["ComputeResourceUpdate.minvCpus"] = s_kept,
        ["ComputeResourceUpdate.desiredvCpus"] = s_kept,
        ["ComputeResourceUpdate.maxvCpus"] = s_vCpus,
        ["ComputeResourceUpdate.subnets"] = s_names,
        ["ComputeResourceUpdate.securityGroupIds"] = s_names,
        ["ComputeResourceUpdate.instanceTypes"] = s_names,
        ["CreateComputeEnvironmentRequest.unmanagedvCpus"] = s_vCpus,
        ["UpdateComputeEnvironmentRequest.unmanagedvCpus"] = s_vCpus,
        ["CreateJobQueueRequest.jobStateTimeLimitActions"] = s_names,
        ["UpdateJobQueueRequest.jobStateTimeLimitActions"] = s_names,
        ["CreateServiceEnvironmentRequest.capacityLimits"] = s_names,
        ["UpdateServiceEnvironmentRequest.capacityLimits"] = s_names,
        ["DescribeServiceEnvironmentsRequest.serviceEnvironments"] = s_names,
        ["CreateConsumableResourceRequest.totalQuantity"] = s_units,
        ["UpdateConsumableResourceRequest.quantity"] = s_units,
        ["ConsumableResourceRequirement.quantity"] = s_units,
        ["ConsumableResourceProperties.consumableResourceList"] = s_names,
        ["KeyValuesPair.values"] = s_filters,
        ["ListJobsRequest.filters"] = s_filters,
        ["ListServiceJobsRequest.filters"] = s_filters,
        ["ListConsumableResourcesRequest.filters"] = s_filters,
        ["ListJobsByConsumableResourceRequest.filters"] = s_filters,
    };

    /// <summary>The limits of members: those that AWS documents, with the engine's own greatest values.</summary>
    internal static IReadOnlyDictionary<string, MemberLimit> All { get; } = Merge();

    /// <summary>The limits of everything else: no text of Batch is longer than a whole job, and no list of it has more elements.</summary>
    internal static Ceilings Ceilings { get; } = new(BatchLimits.SubmitJobBytes, 10_000);

    private static Dictionary<string, MemberLimit> Merge()
    {
        var all = new Dictionary<string, MemberLimit>(DocumentedLimits.All);
        foreach (var (member, own) in s_own)
            all[member] = (all.GetValueOrDefault(member) ?? new MemberLimit(own.Min)) with { Max = own.Max, IsEngines = true };
        return all;
    }
}

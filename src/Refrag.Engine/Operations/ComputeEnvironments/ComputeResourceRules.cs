using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>What the members of a compute environment must fulfil together. (API CreateComputeEnvironment, ComputeResource)</summary>
internal static class ComputeResourceRules
{
    private const int MostFargateSubnets = 16;

    /// <summary>Refuses what Batch refuses; all that is wrong at once.</summary>
    public static void Check(CreateComputeEnvironmentRequest request, EngineState state)
    {
        List<string> wrong = [];
        bool isManaged = request.Type == CEType.Managed;
        if (isManaged && request.ComputeResources is null) wrong.Add("computeResources must be given for a MANAGED compute environment");
        if (!isManaged && request.ComputeResources is not null)
            wrong.Add("computeResources must not be given for an UNMANAGED compute environment");
        if (isManaged && request.UnmanagedvCpus is not null) wrong.Add("unmanagedvCpus is for UNMANAGED compute environments only");
        if (request.UnmanagedvCpus < 0) wrong.Add("unmanagedvCpus must not be negative");
        if (request.EksConfiguration is not null && !isManaged) wrong.Add("an Amazon EKS compute environment must be MANAGED");
        if (request.ComputeResources is { } resources)
        {
            Check(resources, request.EksConfiguration is not null, state, wrong.Add);
            CheckOffered(resources, state, wrong.Add);
        }
        if (wrong.Count > 0) throw new Refusal($"{string.Join("; ", wrong)}.");
    }

    /// <summary>The same for the resources alone, as they are after an update.</summary>
    /// <param name="resources">The resources.</param>
    /// <param name="isEks">Whether they are of Amazon EKS.</param>
    /// <param name="namesTypes">Whether the update names instance types; those from before stay as they are.</param>
    /// <param name="state">The engine's state.</param>
    public static void Check(ComputeResource resources, bool isEks, bool namesTypes, EngineState state)
    {
        List<string> wrong = [];
        Check(resources, isEks, state, wrong.Add);
        if (namesTypes) CheckOffered(resources, state, wrong.Add);
        if (wrong.Count > 0) throw new Refusal($"{string.Join("; ", wrong)}.");
    }

    /// <summary>Whether the resources are Fargate's.</summary>
    public static bool IsFargate(ComputeResource resources) => resources.Type is CRType.Fargate or CRType.FargateSpot;

    /// <summary>Whether the resources are instances whose types and number Batch chooses.</summary>
    public static bool IsEc2(ComputeResource resources) => !IsFargate(resources) && !ManagedInstances.Are(resources);

    /// <summary>The names of the given members that only EC2 and SPOT have.</summary>
    public static IReadOnlyList<string> OfInstances(ComputeResource resources) =>
    [
        .. Given(resources.AllocationStrategy, "allocationStrategy"),
        // Nothing is asked for with 0, and clients say it.
        .. Given(resources.MinvCpus is > 0 || IsFargate(resources) ? resources.MinvCpus : null, "minvCpus"),
        .. Given(resources.DesiredvCpus is > 0 || IsFargate(resources) ? resources.DesiredvCpus : null, "desiredvCpus"),
        .. Given(resources.InstanceTypes is { Count: > 0 } ? "" : null, "instanceTypes"), .. Given(resources.ImageId, "imageId"),
        .. Given(resources.Ec2KeyPair, "ec2KeyPair"),
        .. Given(resources.InstanceRole, "instanceRole"), .. Given(resources.PlacementGroup, "placementGroup"),
        .. Given(resources.BidPercentage, "bidPercentage"),
        .. Given(resources.SpotIamFleetRole, "spotIamFleetRole"), .. Given(resources.LaunchTemplate, "launchTemplate"),
        .. Given(resources.Ec2Configuration is { Count: > 0 } ? "" : null, "ec2Configuration"),
        .. Given(resources.ScalingPolicy, "scalingPolicy"),
    ];

    /// <summary>With what Batch fills in. An allocation strategy that was not given is not shown, and counts as BEST_FIT.</summary>
    public static ComputeResource WithDefaults(ComputeResource resources, bool isEks, EngineState state)
    {
        if (ManagedInstances.Are(resources)) return ManagedInstancesRules.WithKnownValues(resources);
        if (!IsEc2(resources)) return resources;
        return resources with
        {
            MinvCpus = resources.MinvCpus ?? 0,
            DesiredvCpus = resources.DesiredvCpus ?? resources.MinvCpus ?? 0,
            InstanceTypes = resources.InstanceTypes ?? [],
            Ec2Configuration = resources.Ec2Configuration is { Count: > 0 } given
                ? given
                : [new Ec2Configuration { ImageType = ImageType(resources, isEks, state) }],
        };
    }

    // Published answers have one entry, of the GPU type where the instances have GPUs. (API Ec2Configuration.imageType: the defaults)
    private static string ImageType(ComputeResource resources, bool isEks, EngineState state) =>
        $"{(isEks ? "EKS" : "ECS")}_AL2023{(InstanceFamilies.AreGpus(state.Catalogue, resources.InstanceTypes) ? "_NVIDIA" : "")}";

    private static void Check(ComputeResource resources, bool isEks, EngineState state, Action<string> wrong)
    {
        if (ManagedInstances.Are(resources)) ManagedInstancesRules.Check(resources, isEks, wrong);
        else CheckUsual(resources, isEks, state, wrong);
        int least = resources.MinvCpus ?? 0;
        if (least < 0) wrong("minvCpus must not be negative");
        if (resources.MaxvCpus < Math.Max(1, least)) wrong("maxvCpus must be at least 1 and not below minvCpus");
        if (resources.DesiredvCpus is { } desired && (desired < least || desired > resources.MaxvCpus))
            wrong("desiredvCpus must lie between minvCpus and maxvCpus");
    }

    private static void CheckUsual(ComputeResource resources, bool isEks, EngineState state, Action<string> wrong)
    {
        if (IsFargate(resources)) CheckFargate(resources, wrong);
        else CheckEc2(resources, isEks, state, wrong);
        if (resources.Subnets is not { Count: > 0 }) wrong("subnets must not be empty");
        ManagedInstancesRules.CheckAbsent(resources, wrong);
    }

    private static void CheckFargate(ComputeResource resources, Action<string> wrong)
    {
        if (OfInstances(resources) is { Count: > 0 } given) wrong($"{string.Join(", ", given)} must not be given for Fargate");
        if (resources.SecurityGroupIds is not { Count: > 0 }) wrong("securityGroupIds must not be empty for Fargate");
        if (resources.Subnets?.Count > MostFargateSubnets) wrong($"subnets can be at most {MostFargateSubnets} for Fargate");
    }

    private static void CheckEc2(ComputeResource resources, bool isEks, EngineState state, Action<string> wrong)
    {
        if (string.IsNullOrEmpty(resources.InstanceRole)) wrong("instanceRole must be given for EC2 and SPOT");
        if (resources.InstanceTypes is not { Count: > 0 }) wrong("instanceTypes must not be empty for EC2 and SPOT");
        if (resources.SecurityGroupIds is not { Count: > 0 } && resources.LaunchTemplate is null)
            wrong("securityGroupIds must be given, here or in a launch template");
        bool bestFit = resources.AllocationStrategy is null or CRAllocationStrategy.BestFit;
        if (resources.Type == CRType.Spot && bestFit && !isEks && string.IsNullOrEmpty(resources.SpotIamFleetRole))
            wrong("spotIamFleetRole must be given for SPOT with the strategy BEST_FIT");
        if (OnlyType(resources.AllocationStrategy) is { } only && only != resources.Type)
            wrong($"allocationStrategy {resources.AllocationStrategy} is for {only} only");
        if (resources.BidPercentage is < 1 or > 100) wrong("bidPercentage must lie between 1 and 100");
        if (resources.LaunchTemplate is { } template
            && string.IsNullOrEmpty(template.LaunchTemplateId) == string.IsNullOrEmpty(template.LaunchTemplateName))
            wrong("launchTemplate must have exactly one of launchTemplateId and launchTemplateName");
        if (InstanceFamilies.Architectures(state.Catalogue, resources.InstanceTypes) is { Count: > 1 } architectures)
            wrong($"instanceTypes must share one architecture, and have {string.Join(" and ", architectures)}");
        if (resources.Ec2Configuration?.Count > 2) wrong("ec2Configuration can have at most two elements");
    }

    private static void CheckOffered(ComputeResource resources, EngineState state, Action<string> wrong)
    {
        if (IsEc2(resources) && RegionRules.NotOffered(state, resources.InstanceTypes) is { } elsewhere) wrong(elsewhere);
    }

    // Null for a strategy that both types have. (API ComputeResource.allocationStrategy)
    private static string? OnlyType(string? strategy) => strategy switch
    {
        CRAllocationStrategy.SpotCapacityOptimized or CRAllocationStrategy.SpotPriceCapacityOptimized
            or CRAllocationStrategy.SpotCapacityOptimizedPrioritized => CRType.Spot,
        CRAllocationStrategy.BestFitProgressiveOrdered => CRType.Ec2,
        _ => null,
    };

    private static IEnumerable<string> Given(object? value, string name) => value is null ? [] : [name];
}

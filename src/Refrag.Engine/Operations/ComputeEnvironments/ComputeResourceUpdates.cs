using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>Applies UpdateComputeEnvironment to compute resources. (UG updating-compute-environments)</summary>
internal static class ComputeResourceUpdates
{
    /// <summary>The resources after the update; what is not given stays.</summary>
    public static ComputeResource Apply(ComputeResource before, ComputeResourceUpdate update, bool isEks, EngineState state)
    {
        CheckManagedInstances(before, update);
        bool isBestFit = ComputeResourceRules.IsEc2(before) && before.AllocationStrategy is (null or CRAllocationStrategy.BestFit);
        if (isBestFit && Infrastructure(before, update) is { Count: > 0 } members)
        {
            throw new Refusal(
                $"{string.Join(", ", members)} cannot be changed in a compute environment with the allocation strategy BEST_FIT. Make a "
                    + "new compute environment with another strategy.");
        }
        ComputeResource after = before with
        {
            MinvCpus = update.MinvCpus ?? before.MinvCpus,
            MaxvCpus = update.MaxvCpus ?? before.MaxvCpus,
            DesiredvCpus = update.DesiredvCpus ?? before.DesiredvCpus,
            Subnets = update.Subnets is { Count: > 0 } subnets ? subnets : before.Subnets,
            SecurityGroupIds = update.SecurityGroupIds is { Count: > 0 } groups ? groups : before.SecurityGroupIds,
            AllocationStrategy = update.AllocationStrategy ?? before.AllocationStrategy,
            InstanceTypes = update.InstanceTypes ?? before.InstanceTypes,
            Ec2KeyPair = Text(update.Ec2KeyPair, before.Ec2KeyPair),
            InstanceRole = Text(update.InstanceRole, before.InstanceRole),
            Tags = update.Tags ?? before.Tags,
            PlacementGroup = Text(update.PlacementGroup, before.PlacementGroup),
            BidPercentage = update.BidPercentage == 0 ? null : update.BidPercentage ?? before.BidPercentage,
            LaunchTemplate = Template(update.LaunchTemplate, before.LaunchTemplate),
            Ec2Configuration = update.Ec2Configuration ?? before.Ec2Configuration,
            Type = update.Type ?? before.Type,
            ImageId = Text(update.ImageId, before.ImageId),
            ScalingPolicy = update.ScalingPolicy ?? before.ScalingPolicy,
            ManagedInstancesProvider = ManagedInstancesRules.Apply(before.ManagedInstancesProvider, update.ManagedInstancesProvider),
            CapacityTags = update.CapacityTags ?? before.CapacityTags,
        };
        // The fleet follows its bounds.
        if (update.DesiredvCpus is null && after.DesiredvCpus is { } desired)
            after = after with
            {
                DesiredvCpus = Math.Clamp(desired, after.MinvCpus ?? 0, Math.Max(after.MinvCpus ?? 0, after.MaxvCpus ?? desired)),
            };
        ComputeResourceRules.Check(after, isEks, update.InstanceTypes is not null, state);
        return ComputeResourceRules.WithDefaults(after, isEks, state);
    }

    // API ComputeResourceUpdate.type, managedInstancesProvider
    private static void CheckManagedInstances(ComputeResource before, ComputeResourceUpdate update)
    {
        bool isManaged = ManagedInstances.Are(before);
        if (update.Type is { } type && isManaged != (type == CRType.EcsManagedInstances))
            throw new Refusal($"The type cannot be changed to or from {CRType.EcsManagedInstances}. Make a new compute environment.");
        if (update.ManagedInstancesProvider is not null && !isManaged)
            throw new Refusal($"managedInstancesProvider is for {CRType.EcsManagedInstances} only. Leave it out.");
    }

    // An empty text takes the setting away. (API ComputeResourceUpdate)
    private static string? Text(string? update, string? before) => update is null ? before : update.Length == 0 ? null : update;

    private static LaunchTemplateSpecification? Template(LaunchTemplateSpecification? update, LaunchTemplateSpecification? before)
    {
        if (update is null) return before;
        return string.IsNullOrEmpty(update.LaunchTemplateId) && string.IsNullOrEmpty(update.LaunchTemplateName)
            ? null
            : update;
    }

    // What takes a replacement of hosts, which BEST_FIT does not allow; the vCPUs do not.
    private static List<string> Infrastructure(ComputeResource before, ComputeResourceUpdate update)
    {
        var members = new List<string>();
        void Add(bool isChanged, string name)
        {
            if (isChanged) members.Add(name);
        }
        Add(update.AllocationStrategy is { } strategy && strategy != before.AllocationStrategy, "allocationStrategy");
        Add(update.InstanceTypes is { } types && !types.SequenceEqual(before.InstanceTypes ?? []), "instanceTypes");
        Add(update.Subnets is { Count: > 0 } subnets && !subnets.SequenceEqual(before.Subnets ?? []), "subnets");
        Add(update.SecurityGroupIds is { Count: > 0 } groups && !groups.SequenceEqual(before.SecurityGroupIds ?? []), "securityGroupIds");
        Add(update.InstanceRole is { } role && role != before.InstanceRole, "instanceRole");
        Add(update.Type is { } type && type != before.Type, "type");
        Add(update.ImageId is { Length: > 0 } image && image != before.ImageId, "imageId");
        Add(update.LaunchTemplate is { } template && template != before.LaunchTemplate, "launchTemplate");
        return members;
    }
}

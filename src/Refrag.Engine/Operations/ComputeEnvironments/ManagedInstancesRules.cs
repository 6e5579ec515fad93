using Refrag.Aws.Batch;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>
/// What holds for environments of Amazon ECS Managed Instances. (API ComputeResource, ManagedInstancesProvider, InstanceLaunchTemplate; the
/// values that those pages name, which are no enumerations of the model)
/// </summary>
internal static class ManagedInstancesRules
{
    // Values that the model has no enumeration for, as the API's pages write them.
    private static readonly string[] s_propagateTags = ["CAPACITY_PROVIDER", "NONE"];
    private static readonly string[] s_markets = ["ON_DEMAND", ManagedInstances.Spot];
    private static readonly string[] s_monitoring = ["BASIC", "DETAILED"];
    private static readonly string[] s_reservations = ["RESERVATIONS_ONLY", "RESERVATIONS_FIRST", "RESERVATIONS_EXCLUDED"];

    /// <summary>Finds what is wrong with them.</summary>
    public static void Check(ComputeResource resources, bool isEks, Action<string> wrong)
    {
        if (isEks) wrong("an Amazon EKS compute environment cannot have managed instances");
        if (ComputeResourceRules.OfInstances(resources) is { Count: > 0 } given)
            wrong($"{string.Join(", ", given)} must not be given for {CRType.EcsManagedInstances}");
        if (resources.ManagedInstancesProvider is not { } provider)
        {
            wrong($"managedInstancesProvider must be given for {CRType.EcsManagedInstances}");
            return;
        }
        CheckValue("propagateTags", provider.PropagateTags, wrong, s_propagateTags);
        if (string.IsNullOrEmpty(provider.InfrastructureRoleArn)) wrong("infrastructureRoleArn must be given");
        Check(provider.InstanceLaunchTemplate, wrong);
    }

    /// <summary>Finds members that only managed instances have.</summary>
    public static void CheckAbsent(ComputeResource resources, Action<string> wrong)
    {
        if (resources.ManagedInstancesProvider is not null) wrong($"managedInstancesProvider is for {CRType.EcsManagedInstances} only");
        if (resources.CapacityTags is { Count: > 0 }) wrong($"capacityTags are for {CRType.EcsManagedInstances} only");
    }

    /// <summary>The provider after an update; what is not given stays. The market and fipsEnabled cannot be changed.</summary>
    public static ManagedInstancesProvider? Apply(ManagedInstancesProvider? before, UpdateManagedInstancesProviderConfiguration? update)
    {
        if (update is null || before is null) return before;
        InstanceLaunchTemplate template = before.InstanceLaunchTemplate;
        InstanceLaunchTemplateUpdate? changed = update.InstanceLaunchTemplate;
        return before with
        {
            PropagateTags = update.PropagateTags ?? before.PropagateTags,
            InfrastructureRoleArn = update.InfrastructureRoleArn ?? before.InfrastructureRoleArn,
            InfrastructureOptimization = update.InfrastructureOptimization ?? before.InfrastructureOptimization,
            InstanceLaunchTemplate = changed is null ? template : template with
            {
                Ec2InstanceProfileArn = changed.Ec2InstanceProfileArn ?? template.Ec2InstanceProfileArn,
                NetworkConfiguration = changed.NetworkConfiguration ?? template.NetworkConfiguration,
                InstanceRequirements = changed.InstanceRequirements ?? template.InstanceRequirements,
                StorageConfiguration = changed.StorageConfiguration ?? template.StorageConfiguration,
                Monitoring = changed.Monitoring ?? template.Monitoring,
                CapacityReservations = changed.CapacityReservations ?? template.CapacityReservations,
                InstanceMetadataTagsPropagation = changed.InstanceMetadataTagsPropagation ?? template.InstanceMetadataTagsPropagation,
                LocalStorageConfiguration = changed.LocalStorageConfiguration ?? template.LocalStorageConfiguration,
            },
        };
    }

    /// <summary>With the values as the API writes them, whatever the case in which they were given; unknown ones stay.</summary>
    public static ComputeResource WithKnownValues(ComputeResource resources)
    {
        if (resources.ManagedInstancesProvider is not { } provider) return resources;
        InstanceLaunchTemplate template = provider.InstanceLaunchTemplate;
        return resources with
        {
            ManagedInstancesProvider = provider with
            {
                PropagateTags = Known(provider.PropagateTags, s_propagateTags),
                InstanceLaunchTemplate = template with
                {
                    CapacityOptionType = Known(template.CapacityOptionType, s_markets),
                    Monitoring = Known(template.Monitoring, s_monitoring),
                    CapacityReservations = template.CapacityReservations is { } reservations
                        ? reservations with { ReservationPreference = Known(reservations.ReservationPreference, s_reservations) }
                        : null,
                },
            },
        };
    }

    private static void Check(InstanceLaunchTemplate template, Action<string> wrong)
    {
        if (string.IsNullOrEmpty(template.Ec2InstanceProfileArn)) wrong("ec2InstanceProfileArn must be given");
        if (template.NetworkConfiguration.Subnets is not { Count: > 0 }) wrong("networkConfiguration.subnets must not be empty");
        if (template.NetworkConfiguration.SecurityGroups is not { Count: > 0 })
            wrong("networkConfiguration.securityGroups must not be empty");
        CheckValue("capacityOptionType", template.CapacityOptionType, wrong, s_markets);
        CheckValue("monitoring", template.Monitoring, wrong, s_monitoring);
        CheckValue("reservationPreference", template.CapacityReservations?.ReservationPreference, wrong, s_reservations);
    }

    private static void CheckValue(string member, string? value, Action<string> wrong, string[] known)
    {
        if (value is not null && !known.Contains(value, StringComparer.OrdinalIgnoreCase))
            wrong($"{member} {value} is unknown; use {string.Join(" or ", known)}");
    }

    // Values are taken in any case and answered in the API's, as those of enumerations are.
    private static string? Known(string? value, string[] known) =>
        Array.Find(known, one => one.Equals(value, StringComparison.OrdinalIgnoreCase)) ?? value;
}

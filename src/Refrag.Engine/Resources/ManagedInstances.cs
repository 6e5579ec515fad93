using Refrag.Aws.Batch;

namespace Refrag.Engine.Resources;

/// <summary>Which resources and definitions are of Amazon ECS Managed Instances.</summary>
internal static class ManagedInstances
{
    /// <summary>The market that an instance launch template names for Spot instances.</summary>
    public const string Spot = "SPOT";

    /// <summary>Whether a compute environment's resources are managed instances.</summary>
    public static bool Are(ComputeResource resources) => resources.Type == CRType.EcsManagedInstances;

    /// <summary>Whether such instances are bought on the Spot market.</summary>
    public static bool AreSpot(ComputeResource resources) => string.Equals(
        resources.ManagedInstancesProvider?.InstanceLaunchTemplate?.CapacityOptionType, Spot, StringComparison.OrdinalIgnoreCase);
}

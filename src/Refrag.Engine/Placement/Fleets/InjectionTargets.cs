using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>Whether what a scenario breaks is there.</summary>
internal static class InjectionTargets
{
    /// <summary>What to report of an injection that begins and concerns no environment so far; null if it concerns one.</summary>
    public static string? Missing(Injection injection, IReadOnlyList<ComputeEnvironment> environments, InstanceCatalogue catalogue)
    {
        ComputeEnvironment[] fleets = [.. environments.Where(one => one.Kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot)];
        return injection switch
        {
            InsufficientCapacity lack when !fleets.Any(one => Concerns(lack, one, catalogue)) =>
                Nothing($"insufficient_capacity of {lack.Type}", Lacking(lack)),
            SpotRate when fleets.All(one => one.Kind is not ComputeEnvironmentKind.Spot) => Nothing("spot_rate", "no environment is Spot"),
            SpotRate { Environment: { } name } => Named("spot_rate", name),
            SlowStart when fleets.Length == 0 => Nothing("slow_start", "no environment starts instances"),
            RoleFault fault => Named("role_fault", fault.Environment),
            EndpointGone { Environment: { } name } => Named("endpoint_gone", name),
            ImageFault { Environment: { } name } => Named("image_fault", name),
            TransientReason { Environment: { } name } => Named("transient_reason", name),
            _ => null,
        };

        string? Named(string what, string name) => fleets.Any(one => one.Name == name)
            ? null
            : Nothing(what, $"no managed environment has the name {name}");
    }

    /// <summary>What to report of an order to reclaim that found no instance.</summary>
    public static string NothingToReclaim(SpotReclaim storm) => storm.Environment is { } name
        ? $"Scenario: spot_reclaim took nothing: no Spot instance runs in environment {name}."
        : "Scenario: spot_reclaim took nothing: no Spot instance runs.";

    private static bool Concerns(InsufficientCapacity lack, ComputeEnvironment environment, InstanceCatalogue catalogue)
    {
        bool isSpot = environment.Kind is ComputeEnvironmentKind.Spot;
        IEnumerable<string> types = catalogue.Resolve(environment.InstanceTypes)
            .TryGet(out IReadOnlyList<InstanceType>? known, out _)
            ? known.Select(type => type.Name).Concat(environment.UnknownTypes)
            : environment.UnknownTypes;
        return types.Any(type => environment.Zones.Any(zone => lack.Concerns(type, zone, isSpot)));
    }

    private static string Lacking(InsufficientCapacity lack)
    {
        string market = lack.IsSpot switch { true => "Spot ", false => "on-demand ", _ => "" };
        return $"no {market}environment has such a type{(lack.Zone is { } zone ? $" in zone {zone}" : "")}";
    }

    private static string Nothing(string what, string why) => $"Scenario: {what} concerns nothing so far: {why}.";
}

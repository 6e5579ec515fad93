using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Blocking;

/// <summary>
/// Why a head cannot run, by elimination: each question takes away the environments that fail it, and the one that takes the last away
/// names the cause. No cause is found for a job that only waits for its turn. The order of the questions is assumed; the conditions are
/// AWS's.
/// </summary>
internal static class BlockedCauseFinder
{
    public static (BlockedCause? Cause, string? Detail) Of(QueueState queue, Shape shape, long now)
    {
        EnvironmentState[] left = queue.Environments;
        if (Keep(ref left, env => env.Model.IsValid)) return (BlockedCause.ActionRequired, null);
        if (Keep(ref left, env => env.Model.IsEnabled)) return (BlockedCause.Undetermined, null);
        if (shape.Nodes > 1 && Keep(ref left, env => env.Model.TakesNodes)) return (BlockedCause.Undetermined, null);
        if (Keep(ref left, env => IsWithinMaximum(env, shape))) return (BlockedCause.MaxResource, null);
        if (Keep(ref left, env => env.Model.Kind is not ComputeEnvironmentKind.Unmanaged || env.Instances.Count > 0))
            return (BlockedCause.Undetermined, null);
        EnvironmentState[] asked = left;
        if (Keep(ref left, env => Hosts(env, shape)))
            return Missing(asked, shape) is { } missing ? (BlockedCause.Undetermined, missing) : (BlockedCause.JobRequirement, null);
        if (Keep(ref left, env => MayLaunch(env, shape))) return (BlockedCause.MaxResource, null);
        if (Keep(ref left, env => !env.Model.HasUnsupportedConfiguration)) return (BlockedCause.UnsupportedConfiguration, null);
        if (Keep(ref left, env => !env.Model.HasRoleFault)) return (BlockedCause.RolePermissions, null);
        // For a multi-node job an environment without capacity blocks the queue even if one behind it has some. (UG
        // job_stuck_in_runnable_capacity)
        bool isScarce = shape.Nodes > 1 ? IsScarce(left[0], shape, now) : left.All(env => IsScarce(env, shape, now));
        return isScarce ? (BlockedCause.InsufficientCapacity, left[0].ScarceType) : (null, null);
    }

    /// <summary>Whether an environment has, or may launch, anything that is large enough.</summary>
    public static bool Hosts(EnvironmentState environment, Shape shape)
    {
        if (environment.Model.IsFleet) return environment.HostsOf(shape).Length > 0;
        if (environment.Model.IsFargate) return FargateSizes.Accepts(shape.Amount);
        if (!environment.Model.NodesShareInstances) return environment.Capacities.Keys.Any(capacity => shape.Amount.FitsIn(capacity));
        return environment.Capacities.Sum(one => Math.Min(shape.Nodes, (long)shape.Amount.TimesIn(one.Key) * one.Value)) >= shape.Nodes;
    }

    /// <summary>
    /// Whether an environment can ever have an instance for a shape. BEST_FIT wants its first type only and never goes beyond the maximum,
    /// so a maximum below that type launches nothing.
    /// </summary>
    public static bool MayLaunch(EnvironmentState environment, Shape shape) =>
        environment.Model is not { Kind: ComputeEnvironmentKind.Ec2, Strategy: AllocationStrategy.BestFit }
            || environment.Instances.Count > 0
            || environment.HostsOf(shape) is not [{ } first, ..] || first.Type.VCpus <= environment.Model.MaxVCpus;

    /// <summary>
    /// Why no type of the environments hosts a shape, if that is not its size: types whose Spot price is above the bid, or types that the
    /// catalogue does not know. AWS has no cause of its own for either. Null if the job is too large.
    /// </summary>
    public static string? Missing(IEnumerable<EnvironmentState> environments, Shape shape)
    {
        foreach (EnvironmentState environment in environments)
        {
            if (environment.Model.UnknownTypes is [{ } unknown, ..])
                return $"A rehearsal: the catalogue does not know {unknown}, a type of {environment.Model.Name}.";
            if (environment.AboveBid.FirstOrDefault(type => EnvironmentState.Fits(type, type.Usable, shape)) is { } dear)
                return $"A rehearsal: the Spot price of {dear.Name} is above the bid of {environment.Model.Name}.";
        }
        return null;
    }

    public static bool IsWithinMaximum(EnvironmentState environment, Shape shape) =>
        environment.Model.Kind is ComputeEnvironmentKind.Unmanaged || shape.TotalMilliVCpus <= environment.Model.MaxVCpus * 1000L;

    // It wants to grow and none of the types can be had. BEST_FIT wants its first type only.
    public static bool IsScarce(EnvironmentState environment, Shape shape, long now)
    {
        if (!environment.Model.IsFleet || environment.TotalMilliVCpus >= environment.Model.MaxVCpus * 1000L) return false;
        FleetType[] hosts = environment.HostsOf(shape);
        return environment.Model.Strategy is AllocationStrategy.BestFit
            ? hosts[0].IsScarce(environment.Model.Zones, now)
            : hosts.All(type => type.IsScarce(environment.Model.Zones, now));
    }

    // Says whether none is left, and then leaves them.
    private static bool Keep(ref EnvironmentState[] left, Predicate<EnvironmentState> test)
    {
        if (Array.TrueForAll(left, test)) return left.Length == 0;
        EnvironmentState[] kept = Array.FindAll(left, test);
        if (kept.Length == 0) return true;
        left = kept;
        return false;
    }
}

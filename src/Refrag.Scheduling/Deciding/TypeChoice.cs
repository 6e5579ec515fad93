using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Deciding;

/// <summary>Chooses the type of the next instance.</summary>
internal static class TypeChoice
{
    /// <summary>
    /// The first type by the environment's strategy that can be had. Among types that are as good by it, the smallest that takes all the
    /// units, else the largest. Null if none can be had, or none within the limit.
    /// </summary>
    /// <param name="environment">The environment.</param>
    /// <param name="types">The types that will do, in the order of the strategy.</param>
    /// <param name="limit">The most vCPUs, in thousandths.</param>
    /// <param name="units">How many are wanted; where requests are counted, no more than the limit allows.</param>
    /// <param name="unitsOn">How many of them one instance of a type takes.</param>
    /// <param name="now">The time.</param>
    public static (FleetType Type, string Zone)? Of(
        EnvironmentState environment, FleetType[] types, long limit, int units, Func<FleetType, int> unitsOn, long now)
    {
        long room = environment.Model.CountsRequests ? long.MaxValue : limit - environment.TotalMilliVCpus;
        if (room <= 0) return null;
        bool isStrict = environment.Model is { Kind: ComputeEnvironmentKind.Ec2, Strategy: AllocationStrategy.BestFit };
        return Best(environment, types, room, units, unitsOn, now)
            ?? (isStrict ? null : Smallest(environment, types, now));
    }

    private static (FleetType Type, string Zone)? Best(
        EnvironmentState environment, FleetType[] types, long room, int units, Func<FleetType, int> unitsOn, long now)
    {
        (FleetType Type, string Zone)? best = null;
        foreach (FleetType type in types)
        {
            if (best is { } found && (unitsOn(found.Type) >= units || !FleetTypes.AreEqual(found.Type, type))) break;
            string? zone = type.ZoneToTry(environment.Model.Zones, now);
            if (zone is not null && type.Type.VCpus * 1000L <= room) best = (type, zone);
            // BEST_FIT has no second choice: it waits for the type it wants.
            if (environment.Model.Strategy is AllocationStrategy.BestFit) break;
        }
        return best;
    }

    // One instance may go beyond the maximum, so the smallest does, and only where none fits below it. (API ComputeResource maxvCpus)
    private static (FleetType Type, string Zone)? Smallest(EnvironmentState environment, FleetType[] types, long now)
    {
        (FleetType Type, string Zone)? best = null;
        foreach (FleetType type in types)
        {
            if (type.ZoneToTry(environment.Model.Zones, now) is not { } zone) continue;
            if (best is null || type.Type.VCpus < best.Value.Type.Type.VCpus) best = (type, zone);
            if (environment.Model.Strategy is AllocationStrategy.BestFit) break;
        }
        return best;
    }
}

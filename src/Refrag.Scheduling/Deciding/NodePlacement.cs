using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <summary>Places a multi-node job on all of its instances or on none.</summary>
internal static class NodePlacement
{
    public static bool TryPlace(Round round, EnvironmentState environment, Job job)
    {
        if (!environment.Model.TakesNodes) return false;
        Instance[]? nodes = environment.Model.NodesShareInstances ? OnShared(environment, job.Shape) : OnIdle(environment, job.Shape);
        if (nodes is null) return false;
        round.Place(job, environment, nodes);
        return true;
    }

    /// <summary>
    /// Of the types that can still be had, the one with most instances for the waiting job; null if it has none.
    /// </summary>
    public static FleetType? Gathered(Round round, EnvironmentState environment, Shape shape)
    {
        (FleetType? best, int most) = (null, 0);
        foreach (FleetType type in environment.HostsOf(shape))
        {
            int count = environment.Idle.Count(instance => instance.Type?.Type.Name == type.Type.Name);
            if (count > most && (count >= shape.Nodes || type.ZoneToTry(environment.Model.Zones, round.Now) is not null))
                (best, most) = (type, count);
        }
        return best;
    }

    // One instance type for all nodes, and each node alone. (UG mnp-node-groups, multi-node-parallel-jobs)
    private static Instance[]? OnIdle(EnvironmentState environment, Shape shape)
    {
        if (environment.Idle.Count < shape.Nodes) return null;
        foreach (FleetType type in environment.HostsOf(shape))
        {
            List<Instance> idle = environment.Idle.FindAll(instance => instance.Type?.Type.Name == type.Type.Name);
            if (idle.Count < shape.Nodes) continue;
            idle.Sort((a, b) => a.Key.CompareTo(b.Key));
            return [.. idle.Take(shape.Nodes)];
        }
        return null;
    }

    // Takes room node by node and gives it back at once: what is asked is only whether all nodes find room beside each other.
    private static Instance[]? OnShared(EnvironmentState environment, Shape shape)
    {
        List<Instance> nodes = [];
        while (nodes.Count < shape.Nodes && environment.FindRoom(shape.Amount) is { } instance)
        {
            Set(environment, instance, instance.Free - shape.Amount);
            nodes.Add(instance);
        }
        foreach (Instance instance in nodes) Set(environment, instance, instance.Free + shape.Amount);
        return nodes.Count == shape.Nodes ? [.. nodes] : null;
    }

    private static void Set(EnvironmentState environment, Instance instance, Amount free)
    {
        instance.Free = free;
        environment.Update(instance);
    }
}

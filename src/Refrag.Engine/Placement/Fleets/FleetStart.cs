using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.State;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>
/// Brings the scheduling core to where the engine's records are: at the start, and whenever something has gone that it cannot forget by
/// itself.
/// </summary>
internal static class FleetStart
{
    /// <summary>Adds and updates environments and queues; false where that is not enough.</summary>
    public static bool Update(
        Cluster cluster, IReadOnlyList<ComputeEnvironment> environments, IReadOnlyList<JobQueueDetail> queues, EngineState state)
    {
        try
        {
            foreach (ComputeEnvironment environment in environments) cluster.SetEnvironment(environment);
            foreach (JobQueueDetail queue in queues) cluster.SetQueue(Model(state, queue));
            return true;
        }
        catch (InvalidOperationException)
        {
            // The queue is another kind of queue now.
            return false;
        }
    }

    /// <summary>
    /// A core that stands as the records say; what the shares have used comes from an earlier core, or from the records too.
    /// </summary>
    public static Cluster Make(
        EngineState state, FleetOptions options, FleetInventory inventory, IReadOnlyList<JobQueueDetail> queues, Cluster? before,
        IReadOnlyList<ComputeEnvironment> environments, DateTimeOffset now)
    {
        Dictionary<string,
            ComputeEnvironmentKind> known = environments.ToDictionary(environment => environment.Name, environment => environment.Kind);
        List<Job> alive = [.. state.Jobs.Alive.Where(job => !job.IsArrayParent).OrderBy(job => job.Sequence)];
        foreach (FleetInstance instance in inventory.All.Where(one => !known.ContainsKey(one.Environment)).ToList())
            inventory.Remove(new InstanceKey(instance.Number));
        foreach (FleetInstance instance in alive.Where(IsPlaced)
            .SelectMany(job => job.Nodes).Select(node => node.Instance).OfType<FleetInstance>())
        {
            if (known.ContainsKey(instance.Environment) && options.Catalogue.Find(instance.Type) is not null) inventory.Add(instance);
        }
        HashSet<string> placed = [.. alive.Where(job => IsThere(job, known, inventory))
            .Select(job => job.Id)], served = [.. queues.Select(queue => queue.JobQueueName)];
        List<Job> jobs = [.. alive.Where(job => served.Contains(job.Plan.Queue) || placed.Contains(job.Id))];
        // A queue that has been given to this machine is known for as long as it has jobs on the fleets.
        HashSet<string> named = [.. served, .. jobs.Select(job => job.Plan.Queue)];
        List<JobQueue> models = [.. state.JobQueues.All
            .Where(queue => named.Contains(queue.JobQueueName)).Select(queue => Model(state, queue))];
        HashSet<string> fair = [.. models.Where(queue => queue.FairShare is not null).Select(queue => queue.Name)];
        ClusterSnapshot? earlier = before?.Snapshot(now);
        Dictionary<InstanceKey, InstanceSnapshot> standing = (earlier?.Instances ?? []).ToDictionary(one => one.Key);
        var snapshot = new ClusterSnapshot
        {
            Environments = environments,
            Queues = models,
            Instances = [.. inventory.All.Select(
                one => Snapshot(one, options, inventory, standing.GetValueOrDefault(new InstanceKey(one.Number))))],
            // A job that is being killed on an instance that went away names it still.
            LastInstance = alive.SelectMany(job => job.Nodes)
                .Select(node => new InstanceKey(node.Instance?.Number ?? 0)).Append(before?.LastInstance ?? InstanceKey.None).Max(),
            Jobs = [.. jobs.Select(job => Snapshot(job, inventory, placed.Contains(job.Id))).OfType<JobSnapshot>()],
            Shares = earlier is null
                ? [.. models.Where(queue => queue.FairShare is not null)
                .SelectMany(queue => FairShareStart.Shares(state, queue.Name, queue.FairShare!, now))]
                : [.. earlier.Shares.Where(share => fair.Contains(share.Queue))],
        };
        Cluster cluster = Cluster.From(snapshot, now, options.Catalogue, options.Prices);
        if (before is not null) cluster.Succeed(before);
        return cluster;
    }

    private static JobQueue Model(EngineState state, JobQueueDetail queue) => FleetModel.Queue(queue, PolicyOf(state, queue));

    private static FairsharePolicy? PolicyOf(EngineState state, JobQueueDetail queue) =>
        state.SchedulingPolicies.Find(queue.SchedulingPolicyArn)?.FairsharePolicy;

    private static bool IsPlaced(Job job) => job.State is JobState.Starting or JobState.Running && !job.Nodes.Any(node => node.IsLost);

    // Fargate has no instances to be named.
    private static bool IsThere(Job job, Dictionary<string, ComputeEnvironmentKind> known, FleetInventory inventory) =>
        IsPlaced(job)
            && (known.GetValueOrDefault(job.ComputeEnvironment ?? "", ComputeEnvironmentKind.Unmanaged) is ComputeEnvironmentKind.Fargate
            or ComputeEnvironmentKind.FargateSpot
            ? job.Nodes.All(node => node.Instance is null)
            : job.Nodes.All(node => node.Instance is { } host && inventory.Has(host)));

    // As the earlier core had it; null if that did not know the instance.
    private static InstanceSnapshot Snapshot(
        FleetInstance one, FleetOptions options, FleetInventory inventory, InstanceSnapshot? before) =>
        new(new InstanceKey(one.Number), one.Environment, one.Type, options.Catalogue.Find(one.Type)!.Usable, one.Zone,
            inventory.IsStarting(one))
        {
            EverRan = before?.EverRan == true,
            IdleSince = before?.IdleSince,
            Since = before?.Since,
        };

    // Null if the core is not to know it: before its time, or on what no longer exists.
    private static JobSnapshot? Snapshot(Job job, FleetInventory inventory, bool isThere)
    {
        if (job.State is JobState.Runnable)
        {
            if (inventory.StateOf(job.Id) is FleetJobState.Held || (job.Plan.Consumables.Count > 0 && inventory.StateOf(job.Id) is null))
                return null;
            inventory.Put(job.Id, FleetJobState.Waiting);
            return new JobSnapshot(FleetModel.Request(job), null, [], null);
        }
        if (job.State is not (JobState.Starting or JobState.Running)) return null;
        inventory.Put(job.Id, isThere ? FleetJobState.Started : FleetJobState.Adrift);
        return isThere
            ? new JobSnapshot(FleetModel.Request(job), job.ComputeEnvironment,
            [.. job.Nodes.Select(node => node.Instance).OfType<FleetInstance>().Select(host => new InstanceKey(host.Number))],
            Time(job.StartedAt))
            : null;
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? SaturatingTime.FromUnixTime(known) : null;
}

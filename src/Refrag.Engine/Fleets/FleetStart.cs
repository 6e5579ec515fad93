using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Placement;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Fleets;

/// <summary>Brings the scheduling core to where the engine's records are: at the start, and whenever something has gone that it cannot forget by itself.</summary>
internal static class FleetStart
{
    /// <summary>Adds and updates environments and queues; false where that is not enough.</summary>
    public static bool Update(Cluster cluster, IReadOnlyList<ComputeEnvironment> environments, IReadOnlyList<JobQueueDetail> queues, EngineState state)
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

    /// <summary>A core that stands as the records say; of an earlier one it keeps what the shares have used.</summary>
    public static Cluster Make(
        EngineState state, FleetOptions options, FleetBooks books, IReadOnlyList<JobQueueDetail> queues, Cluster? before, IReadOnlyList<ComputeEnvironment> environments, DateTimeOffset now)
    {
        HashSet<string> served = [.. queues.Select(queue => queue.JobQueueName)], known = [.. environments.Select(environment => environment.Name)];
        List<Job> jobs = [.. state.Jobs.Alive.Where(job => !job.IsArrayParent && served.Contains(job.Plan.Queue)).OrderBy(job => job.Sequence)];
        foreach (FleetInstance instance in books.All.Where(one => !known.Contains(one.Environment)).ToList()) books.Remove(new InstanceKey(instance.Number));
        foreach (FleetInstance instance in jobs.Where(IsPlaced).SelectMany(job => job.Nodes).Select(node => node.Instance).OfType<FleetInstance>())
        {
            if (known.Contains(instance.Environment)) books.Add(instance);
        }
        HashSet<string> fair = [.. queues.Where(queue => PolicyOf(state, queue) is not null).Select(queue => queue.JobQueueName)];
        var snapshot = new ClusterSnapshot
        {
            Environments = environments,
            Queues = [.. queues.Select(queue => Model(state, queue))],
            Instances = [.. books.All.Select(one => Snapshot(one, options, books))],
            Jobs = [.. jobs.Select(job => Snapshot(job, books)).OfType<JobSnapshot>()],
            Shares = [.. (before?.Snapshot(now).Shares ?? FleetHistory.Shares(state, [.. queues.Select(queue => Model(state, queue))], jobs, now)).Where(share => fair.Contains(share.Queue))],
        };
        return Cluster.From(snapshot, now, options.Catalogue, options.Prices);
    }

    private static JobQueue Model(EngineState state, JobQueueDetail queue) => FleetModel.Queue(queue, PolicyOf(state, queue));

    private static FairsharePolicy? PolicyOf(EngineState state, JobQueueDetail queue) => state.SchedulingPolicies.Find(queue.SchedulingPolicyArn)?.FairsharePolicy;

    private static bool IsPlaced(Job job) => job.State is JobState.Starting or JobState.Running && !job.Nodes.Any(node => node.IsLost);

    private static InstanceSnapshot Snapshot(FleetInstance one, FleetOptions options, FleetBooks books) =>
        new(new InstanceKey(one.Number), one.Environment, one.Type, options.Catalogue.Find(one.Type)!.Usable, one.Zone, books.IsStarting(one));

    // Null where the core is not to know it: before its time, or on what no longer exists.
    private static JobSnapshot? Snapshot(Job job, FleetBooks books)
    {
        if (job.State is JobState.Runnable)
        {
            if (books.StandOf(job.Id) is Stand.Held || (job.Plan.Consumables.Count > 0 && books.StandOf(job.Id) is null)) return null;
            books.Put(job.Id, Stand.Waiting);
            return new JobSnapshot(FleetModel.Request(job), null, [], null);
        }
        if (job.State is not (JobState.Starting or JobState.Running)) return null;
        bool isThere = IsPlaced(job) && job.Nodes.All(node => node.Instance is { } host && books.All.Contains(host));
        books.Put(job.Id, isThere ? Stand.Started : Stand.Adrift);
        return isThere
            ? new JobSnapshot(FleetModel.Request(job), job.ComputeEnvironment, [.. job.Nodes.Select(node => new InstanceKey(node.Instance!.Number))], Time(job.StartedAt))
            : null;
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}

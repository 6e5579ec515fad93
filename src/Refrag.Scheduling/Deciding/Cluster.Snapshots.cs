using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <content>To plain data and back.</content>
public sealed partial class Cluster
{
    /// <summary>
    /// The cluster as plain data. Jobs that were lost with their host stand there as waiting; what was seen of earlier jobs and instances,
    /// which types could not be had, and since when a head is blocked are not in it.
    /// </summary>
    public ClusterSnapshot Snapshot(DateTimeOffset now) => Snapshot(now, static _ => true);

    /// <summary>The cluster with some of its jobs alone.</summary>
    internal ClusterSnapshot Snapshot(DateTimeOffset now, Func<Job, bool> isWanted) => new()
    {
        Environments = [.. _environmentOrder.Select(environment => environment.Model)],
        Queues = [.. _order.Select(queue => queue.Model)],
        Instances =
        [
            .. _instances.Values.OrderBy(one => one.Key).Select(one => new InstanceSnapshot(
                one.Key, one.Environment.Model.Name, one.Type?.Type.Name, one.Capacity, one.Zone, one.State is InstanceState.Starting)
            {
                EverRan = one.EverRan,
                IdleSince = one.IdleIndex < 0 ? null : Time(one.IdleSince),
                Since = one.Since == 0 ? null : Time(one.Since),
            }),
        ],
        LastInstance = LastInstance,
        Jobs = [.. _jobs.Values.Where(isWanted).OrderBy(job => job.Sequence).Select(Shot)],
        Shares =
        [
            .. _order.Where(queue => queue.IsFair).SelectMany(queue => queue.Shares.Select(share => new ShareSnapshot(
                queue.Model.Name, share.Name, share.Average(now.ToUnixTimeMilliseconds()), now,
                share.LastSeen == 0 ? null : Time(share.LastSeen)))),
        ],
    };

    /// <summary>
    /// A cluster that stands as a snapshot says. Throws <see cref="ArgumentException"/> where a name, an instance or a type is not known,
    /// or an instance has more on it than it holds.
    /// </summary>
    public static Cluster From(ClusterSnapshot snapshot, DateTimeOffset now, InstanceCatalogue catalogue, PriceTable prices)
    {
        var cluster = new Cluster(catalogue, prices);
        Problem[] problems = [.. snapshot.Environments.SelectMany(cluster.SetEnvironment), .. snapshot.Queues.SelectMany(cluster.SetQueue)];
        if (problems.Length > 0) throw new ArgumentException(ProblemText.Render(problems), nameof(snapshot));
        foreach (InstanceSnapshot instance in snapshot.Instances) cluster.Restore(instance, now);
        cluster._nextInstance = Math.Max(cluster._nextInstance, snapshot.LastInstance.Value + 1);
        foreach (JobSnapshot job in snapshot.Jobs) cluster.Restore(job, now);
        foreach (ShareSnapshot share in snapshot.Shares)
        {
            cluster._queues[share.Queue].ShareOf(share.Identifier, now.ToUnixTimeMilliseconds())
                .Restore(share.Average, share.At.ToUnixTimeMilliseconds(), share.LastSeen?.ToUnixTimeMilliseconds() ?? 0);
        }
        return cluster;
    }

    /// <summary>What another cluster has learned about types that cannot be had; for copies of it.</summary>
    internal void CopyScarcity(Cluster other)
    {
        foreach (EnvironmentState environment in _environmentOrder)
        {
            if (other.FindEnvironment(environment.Model.Name) is not { } original) continue;
            environment.ScarceType = original.ScarceType;
            environment.NextRetry = original.NextRetry;
            foreach (FleetType type in environment.Types)
            {
                if (Array.Find(original.Types, one => one.Type.Name == type.Type.Name) is { } known) type.CopyFailures(known);
            }
        }
    }

    private static DateTimeOffset Time(long milliseconds) => SaturatingTime.FromUnixTime(milliseconds);

    private static JobSnapshot Shot(Job job)
    {
        if (job.Status is not SchedulingState.Placed) return new JobSnapshot(job.Request, null, [], null);
        Instance[] nodes = job.Nodes ?? (job.Instance is { } one ? [one] : []);
        return new JobSnapshot(job.Request, job.Environment!.Model.Name, [.. nodes.Select(node => node.Key)], Time(job.PlacedAt));
    }

    private void Restore(InstanceSnapshot snapshot, DateTimeOffset now)
    {
        EnvironmentState environment = FindEnvironment(snapshot.Environment)
            ?? throw new ArgumentException($"There is no {snapshot.Environment}.", nameof(snapshot));
        // A type that is no longer on the list of its environment may still run.
        FleetType? type = snapshot.Type is not { } name ? null
            : Array.Find(environment.Types, one => one.Type.Name == name)
                ?? (catalogue.Find(name) is { } known ? new FleetType(known, known.Usable, double.MaxValue)
                    : throw new ArgumentException($"There is no type {name}.", nameof(snapshot)));
        Instance instance = NewInstance(snapshot.Key, environment, type, snapshot.Capacity, snapshot.Zone);
        instance.State = snapshot.IsStarting ? InstanceState.Starting : InstanceState.Running;
        instance.EverRan = snapshot.EverRan;
        instance.Since = snapshot.Since?.ToUnixTimeMilliseconds() ?? 0;
        environment.Enlist(instance);
        if (!snapshot.IsStarting) environment.BecameIdle(instance, (snapshot.IdleSince ?? now).ToUnixTimeMilliseconds());
    }

    private void Restore(JobSnapshot snapshot, DateTimeOffset now)
    {
        Enter(snapshot.Request, now);
        if (snapshot.Environment is not { } name) return;
        EnvironmentState environment = FindEnvironment(name) ?? throw new ArgumentException($"There is no {name}.", nameof(snapshot));
        Instance[] nodes = [.. snapshot.Nodes.Select(
            key => _instances.GetValueOrDefault(key) ?? throw new ArgumentException($"There is no {key}.", nameof(snapshot)))];
        Job job = _jobs[snapshot.Request.Id];
        Place(job, environment, nodes, (snapshot.PlacedAt ?? now).ToUnixTimeMilliseconds());
        if (Array.Exists(nodes, node => !default(Amount).FitsIn(node.Free)))
            throw new ArgumentException($"{snapshot.Request.Id} does not fit where it is said to run.", nameof(snapshot));
    }
}

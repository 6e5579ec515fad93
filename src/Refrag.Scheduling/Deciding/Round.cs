using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Deciding;

/// <summary>One round of decisions: dispatch, scale in, scale out; only what changed since the last round is evaluated.</summary>
internal sealed class Round(Cluster cluster, DateTimeOffset time, DecideLimits limits)
{
    private List<Placement>? _placements;
    private List<Launch>? _launches;
    private List<InstanceKey>? _terminations;
    private List<CanceledJob>? _cancellations;
    private List<BlockedChange>? _blocks;
    private int _actions;

    public Cluster Cluster => cluster;

    public long Now { get; } = time.ToUnixTimeMilliseconds();

    /// <summary>Whether the round has done all it may. Whoever stops for it leaves his queue marked.</summary>
    public bool IsFull => _actions >= limits.MaxActions;

    public bool IsCutShort { get; set; }

    public Plan Run()
    {
        foreach (EnvironmentState environment in cluster.EnvironmentOrder) RetryScarceTypes(environment);
        foreach (QueueState queue in cluster.QueueOrder)
        {
            if (queue.IsDirty || queue.LimitAt <= Now || HasOtherHead(queue)) Dispatcher.Run(this, queue);
        }
        // Before scaling out: what idle instances leave may be needed for others.
        foreach (EnvironmentState environment in cluster.EnvironmentOrder) ScaleIn.Run(this, environment);
        foreach (QueueState queue in cluster.QueueOrder)
        {
            if (queue.ScaleAll || queue.Grown.Count > 0) ScaleOut.Run(this, queue);
        }
        foreach (EnvironmentState environment in cluster.EnvironmentOrder) ScaleOut.Fill(this, environment);
        return Finish();
    }

    public void Place(Job job, Instance instance)
    {
        Cluster.Place(job, instance, Now);
        Record(new Placement(job.Request.Id, instance.Environment.Model.Name, instance.Key));
    }

    public void Place(Job job, EnvironmentState environment, Instance[] nodes)
    {
        Cluster.Place(job, environment, nodes, Now);
        InstanceKey first = nodes.Length > 0 ? nodes[0].Key : InstanceKey.None;
        Record(new Placement(job.Request.Id, environment.Model.Name, first, nodes.Length > 1 ? [.. nodes.Select(node => node.Key)] : null));
    }

    public Instance Launch(EnvironmentState environment, FleetType type, string zone)
    {
        Instance instance = cluster.Launch(environment, type, zone, Now);
        _actions++;
        (_launches ??= []).Add(
            new Launch(instance.Key, environment.Model.Name, type.Type.Name, zone, environment.Model.Kind is ComputeEnvironmentKind.Spot));
        return instance;
    }

    public void Terminate(Instance instance)
    {
        cluster.Terminate(instance, Now);
        _actions++;
        (_terminations ??= []).Add(instance.Key);
    }

    public void Cancel(Job job, string reason)
    {
        cluster.Forget(job);
        _actions++;
        (_cancellations ??= []).Add(new CanceledJob(job.Request.Id, reason));
    }

    public void Add(BlockedChange change) => (_blocks ??= []).Add(change);

    private void Record(Placement placement)
    {
        _actions++;
        (_placements ??= []).Add(placement);
    }

    // Past usage fades, and with it the order of the shares: another one may be next though nothing happened.
    private bool HasOtherHead(QueueState queue) => queue.IsFair && queue.BlockedHead is { } blocked && queue.Head(Now) != blocked;

    private void RetryScarceTypes(EnvironmentState environment)
    {
        if (environment.NextRetry > Now) return;
        environment.NextRetry = long.MaxValue;
        environment.Touch(scale: true);
    }

    private Plan Finish()
    {
        LostJob[] failures = [];
        if (cluster.Lost.Count > 0)
        {
            failures = [.. cluster.Lost];
            cluster.Lost.Clear();
        }
        return new Plan
        {
            Placements = _placements ?? [],
            Launches = _launches ?? [],
            Terminations = _terminations ?? [],
            Failures = failures,
            Cancellations = _cancellations ?? [],
            Blocks = _blocks ?? [],
            NextWake = NextWake(),
            IsComplete = !IsCutShort,
        };
    }

    private DateTimeOffset? NextWake()
    {
        long next = long.MaxValue;
        foreach (QueueState queue in cluster.QueueOrder) next = Math.Min(next, queue.LimitAt);
        foreach (EnvironmentState environment in cluster.EnvironmentOrder)
        {
            next = Math.Min(next, environment.NextRetry);
            if (environment.Appointments.TryPeek(out _, out long due)) next = Math.Min(next, due);
        }
        return next == long.MaxValue ? null : SaturatingTime.FromUnixTime(next);
    }
}

using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Deciding;

/// <content>What happens to instances, and the record of what each job uses of them.</content>
public sealed partial class Cluster
{
    private readonly Dictionary<InstanceKey, Instance> _instances = [];
    private long _nextInstance = 1;

    /// <summary>How many instances there are, starting ones too.</summary>
    public int Instances => _instances.Count;

    /// <summary>The highest number that an instance has had; <see cref="InstanceKey.None"/> before the first.</summary>
    public InstanceKey LastInstance => new(_nextInstance - 1);

    /// <summary>
    /// A host joined an unmanaged environment, such as the local machine. Throws <see cref="KeyNotFoundException"/> if there is no such
    /// environment.
    /// </summary>
    /// <param name="environment">The environment's name.</param>
    /// <param name="capacity">What jobs can have on it.</param>
    /// <param name="now">When.</param>
    public InstanceKey AddInstance(string environment, Amount capacity, DateTimeOffset now)
    {
        EnvironmentState state = _environments[environment];
        Instance instance = NewInstance(new InstanceKey(_nextInstance), state, null, capacity, state.Model.Zones[0]);
        instance.State = InstanceState.Running;
        instance.Since = now.ToUnixTimeMilliseconds();
        state.Enlist(instance);
        state.BecameIdle(instance, now.ToUnixTimeMilliseconds());
        state.Touch(scale: false);
        return instance.Key;
    }

    /// <summary>
    /// An instance that was launched takes jobs now. Nothing happens if there is no such instance or it is up already.
    /// </summary>
    public void InstanceUp(InstanceKey key, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(key, out Instance? instance) || instance.State is not InstanceState.Starting) return;
        instance.Environment.Delist(instance);
        BreakPromises(instance);
        long at = now.ToUnixTimeMilliseconds();
        if (instance.Since > 0) Observations.StartUps.Add(at - instance.Since);
        (instance.State, instance.Since) = (InstanceState.Running, at);
        instance.Environment.Enlist(instance);
        instance.Environment.BecameIdle(instance, at);
        instance.Type?.CameUp(instance.Zone);
        // Where requests are counted, what was promised and is not used is room for others below the maximum.
        instance.Environment.Touch(scale: instance.Environment.Model.CountsRequests);
    }

    /// <summary>
    /// An instance could not be launched. Its type is left alone in its zone for a while. Nothing happens where it does not start any more.
    /// </summary>
    /// <param name="key">The instance.</param>
    /// <param name="isCapacity">Whether EC2 had no capacity; else the launch failed for another reason.</param>
    /// <param name="now">When.</param>
    public void LaunchFailed(InstanceKey key, bool isCapacity, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(key, out Instance? instance) || instance.State is not InstanceState.Starting) return;
        EnvironmentState environment = instance.Environment;
        long at = now.ToUnixTimeMilliseconds();
        Remove(instance);
        instance.Type?.Failed(instance.Zone, at, isCapacity);
        if (isCapacity) environment.ScarceType = instance.Type?.Type.Name;
        environment.NextRetry = Math.Min(environment.NextRetry, at + FleetType.RetryMilliseconds);
        environment.Touch(scale: true);
    }

    /// <summary>
    /// An instance is gone: reclaimed, terminated, broken. The jobs on it are lost, a multi-node job with all its nodes; the next plan says
    /// so. Nothing happens if there is no such instance.
    /// </summary>
    public void InstanceDown(InstanceKey key, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(key, out Instance? instance)) return;
        long at = now.ToUnixTimeMilliseconds();
        foreach (Job job in instance.Jobs.ToArray())
        {
            // With nodes that share an instance it stands here more than once.
            if (job.Status is not SchedulingState.Placed) continue;
            Release(job, at);
            job.Status = SchedulingState.Lost;
            // Retry strategies look for "Host EC2*" in it. (UG job_retries)
            _lost.Add(new LostJob(job.Request.Id, $"Host EC2 (instance {key}) terminated."));
        }
        NoteSpotEnd(instance, at, isReclaimed: true);
        Remove(instance);
        instance.Environment.Touch(scale: true);
    }

    /// <summary>The name of an instance's compute environment; null if there is no such instance.</summary>
    public string? EnvironmentOf(InstanceKey key) => _instances.GetValueOrDefault(key)?.Environment.Model.Name;

    internal bool IsSpot(InstanceKey key) =>
        _instances.TryGetValue(key, out Instance? instance) && instance.Environment.Model.Kind is ComputeEnvironmentKind.Spot;

    internal List<InstanceKey> RunningSpot(string? environment) =>
    [
        .. _instances.Values.Where(one => one.State is InstanceState.Running && one.Environment.Model.Kind is ComputeEnvironmentKind.Spot
            && (environment is null || one.Environment.Model.Name == environment)).Select(one => one.Key).Order(),
    ];

    internal ComputeEnvironment EnvironmentModel(string name) => _environments[name].Model;

    internal Instance Launch(EnvironmentState environment, FleetType type, string zone, long now)
    {
        Instance instance = NewInstance(new InstanceKey(_nextInstance), environment, type, type.Usable, zone);
        instance.Since = now;
        environment.Enlist(instance);
        return instance;
    }

    internal void Terminate(Instance instance, long now)
    {
        NoteSpotEnd(instance, now, isReclaimed: false);
        Remove(instance);
        instance.Environment.Touch(scale: true);
    }

    /// <summary>Counts waiting jobs on a starting instance.</summary>
    internal static void Promise(Instance instance, QueueDemand demand, int jobs)
    {
        instance.Promises.Add((demand, jobs));
        instance.Environment.PromisedMilliVCpus += demand.Shape.Amount.MilliVCpus * (long)jobs;
        demand.Covered += jobs;
        instance.Unpromised -= demand.Shape.Amount * jobs;
        instance.Environment.Update(instance);
    }

    /// <summary>Starts a job: on one instance, on all of its nodes, or on Fargate if there are none.</summary>
    internal static void Place(Job job, EnvironmentState environment, Instance[] nodes, long now)
    {
        job.Queue.Leave(job);
        job.Status = SchedulingState.Placed;
        job.PlacedAt = now;
        job.Environment = environment;
        job.Instance = nodes.Length > 0 ? nodes[0] : null;
        job.Nodes = nodes.Length > 1 ? nodes : null;
        foreach (Instance node in nodes) Reserve(node, job);
        if (nodes.Length == 0) environment.TotalMilliVCpus += job.Shape.Amount.MilliVCpus;
        job.Queue.Started(job, now);
    }

    /// <summary>Starts a job with one node on one instance, without an array for it.</summary>
    internal static void Place(Job job, Instance instance, long now)
    {
        job.Queue.Leave(job);
        (job.Status, job.PlacedAt, job.Environment, job.Instance) = (SchedulingState.Placed, now, instance.Environment, instance);
        Reserve(instance, job);
        job.Queue.Started(job, now);
    }

    private static void Reserve(Instance instance, Job job)
    {
        instance.Environment.BecameBusy(instance);
        instance.EverRan = true;
        instance.Jobs.Add(job);
        if (instance.Environment.Model.CountsRequests) instance.Environment.TotalMilliVCpus += job.Shape.Amount.MilliVCpus;
        // A node of a multi-node job is alone on its instance. (UG multi-node-parallel-jobs)
        instance.Free = HasAlone(instance, job) ? default : instance.Free - job.Shape.Amount;
        instance.Environment.Update(instance);
    }

    private static bool HasAlone(Instance instance, Job job) => job.Shape.Nodes > 1 && !instance.Environment.Model.NodesShareInstances;

    private static void Release(Job job, long now)
    {
        EnvironmentState environment = job.Environment!;
        if (job.Nodes is { } nodes)
        {
            foreach (Instance node in nodes) Release(node, job, now);
        }
        else if (job.Instance is { } instance) Release(instance, job, now);
        else environment.TotalMilliVCpus -= job.Shape.Amount.MilliVCpus;
        job.Queue.Ended(job, now);
        (job.Environment, job.Instance, job.Nodes) = (null, null, null);
        // What became free is one node's of a multi-node job: now the rest of them may be worth launching. Where requests are counted, it
        // is room below the maximum.
        environment.Touch(
            scale: environment.Model.CountsRequests || environment.Queues.Exists(queue => queue.BlockedHead is { Shape.Nodes: > 1 }));
    }

    private static void Release(Instance instance, Job job, long now)
    {
        // With nodes that share an instance the job stands there once for each.
        instance.Jobs.Remove(job);
        if (instance.Environment.Model.CountsRequests) instance.Environment.TotalMilliVCpus -= job.Shape.Amount.MilliVCpus;
        instance.Free = HasAlone(instance, job) ? instance.Capacity : instance.Free + job.Shape.Amount;
        instance.Environment.Update(instance);
        if (instance.Jobs.Count == 0) instance.Environment.BecameIdle(instance, now);
    }

    private static void BreakPromises(Instance instance)
    {
        foreach ((QueueDemand demand, int jobs) in instance.Promises)
        {
            demand.Covered -= jobs;
            instance.Environment.PromisedMilliVCpus -= demand.Shape.Amount.MilliVCpus * (long)jobs;
            demand.Queue.List(demand);
        }
        instance.Promises.Clear();
    }

    private void NoteSpotEnd(Instance instance, long now, bool isReclaimed)
    {
        bool isKnown = instance.State is InstanceState.Running && instance.Since > 0;
        if (isKnown && instance.Environment.Model.Kind is ComputeEnvironmentKind.Spot)
            Observations.SpotEnded(now - instance.Since, isReclaimed);
    }

    private Instance NewInstance(InstanceKey key, EnvironmentState environment, FleetType? type, Amount capacity, string zone)
    {
        _nextInstance = Math.Max(_nextInstance, key.Value + 1);
        var instance = new Instance(key, environment, type, capacity, zone);
        _instances.Add(key, instance);
        environment.Instances.Add(key, instance);
        environment.Capacities[capacity] = environment.Capacities.GetValueOrDefault(capacity) + 1;
        environment.TotalMilliVCpus += instance.CountedMilliVCpus;
        return instance;
    }

    private void Remove(Instance instance)
    {
        EnvironmentState environment = instance.Environment;
        BreakPromises(instance);
        environment.Delist(instance);
        environment.BecameBusy(instance);
        environment.Instances.Remove(instance.Key);
        if (--environment.Capacities[instance.Capacity] == 0) environment.Capacities.Remove(instance.Capacity);
        environment.TotalMilliVCpus -= instance.CountedMilliVCpus;
        instance.State = InstanceState.Gone;
        _instances.Remove(instance.Key);
    }
}

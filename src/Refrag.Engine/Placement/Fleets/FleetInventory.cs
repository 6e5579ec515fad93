using Refrag.Engine.Jobs;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>The state of a job with the fleets.</summary>
internal enum FleetJobState
{
    /// <summary>It waits for a consumable resource; the core does not know it.</summary>
    Held,

    /// <summary>It waits in the core.</summary>
    Waiting,

    /// <summary>The core has placed it; it has not started yet.</summary>
    Placed,

    /// <summary>It has been started.</summary>
    Started,

    /// <summary>It has been started on what no longer exists; the core does not know it.</summary>
    Adrift,
}

/// <summary>The jobs and instances of the fleets, with what the core does not know of them.</summary>
internal sealed class FleetInventory(TimeProvider time)
{
    private readonly Dictionary<string, FleetJobState> _jobs = [];
    private readonly SortedDictionary<long, FleetInstance> _instances = [];
    private readonly HashSet<long> _starting = [];
    private readonly HashSet<string> _cameUp = [];
    private readonly FleetHours _hours = new(time);

    /// <summary>All instances, the oldest first.</summary>
    public IEnumerable<FleetInstance> All => _instances.Values;

    /// <summary>The state of a job; null if it is not known.</summary>
    public FleetJobState? StateOf(string jobId) => _jobs.TryGetValue(jobId, out FleetJobState jobState) ? jobState : null;

    public void Put(string jobId, FleetJobState jobState) => _jobs[jobId] = jobState;

    public void Remove(string jobId) => _jobs.Remove(jobId);

    /// <summary>Whether an instance takes no jobs yet.</summary>
    public bool IsStarting(FleetInstance instance) => _starting.Contains(instance.Number);

    /// <summary>Whether an environment has an instance that came up, or has had one; a refused launch is none.</summary>
    public bool HasLaunched(string environment) => _cameUp.Contains(environment);

    public bool Has(FleetInstance instance) => _instances.ContainsKey(instance.Number);

    public FleetInstance Get(InstanceKey key) => _instances[key.Value];

    /// <summary>An instance; null if there is none of this number.</summary>
    public FleetInstance? Find(InstanceKey key) => _instances.GetValueOrDefault(key.Value);

    /// <summary>An instance was asked for.</summary>
    public void Add(Launch launch)
    {
        Keep(new FleetInstance(
            launch.Instance.Value, launch.Instance.ToString(), launch.Environment, launch.Type, launch.Zone, launch.IsSpot));
        _starting.Add(launch.Instance.Value);
    }

    /// <summary>An instance that a job runs on since before the engine started.</summary>
    public void Add(FleetInstance running)
    {
        Keep(running);
        _cameUp.Add(running.Environment);
    }

    /// <summary>An instance is up; null if it is not awaited any more.</summary>
    public FleetInstance? ComeUp(InstanceKey key)
    {
        if (!_starting.Remove(key.Value)) return null;
        FleetInstance up = _instances[key.Value];
        _cameUp.Add(up.Environment);
        return up;
    }

    /// <summary>An instance is gone; false where it was not there.</summary>
    public bool Remove(InstanceKey key)
    {
        _hours.End(key);
        _starting.Remove(key.Value);
        return _instances.Remove(key.Value);
    }

    /// <summary>An instance was refused and never came; false where it was not there.</summary>
    public bool Refuse(InstanceKey key)
    {
        _hours.Forget(key);
        return Remove(key);
    }

    private void Keep(FleetInstance instance)
    {
        _instances[instance.Number] = instance;
        _hours.Start(instance);
    }

    /// <summary>What instances have taken since the engine started.</summary>
    public IReadOnlyList<FleetUsage> Usage() => _hours.Describe();

    /// <summary>The Spot instances that run, of one environment or of all.</summary>
    public List<InstanceKey> RunningSpot(string? environment) =>
        [.. All.Where(one => one.IsSpot && !IsStarting(one) && (environment is null || environment == one.Environment))
            .Select(one => new InstanceKey(one.Number))];
}

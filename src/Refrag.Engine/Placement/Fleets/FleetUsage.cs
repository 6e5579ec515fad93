using Refrag.Engine.Jobs;
using Refrag.Scheduling.Clusters;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>What instances of the simulated fleets have taken together: what AWS would bill.</summary>
/// <param name="Environment">The name of their compute environment.</param>
/// <param name="Type">Their instance type.</param>
/// <param name="IsSpot">Whether they are bought on the Spot market.</param>
/// <param name="Instances">How many there were.</param>
/// <param name="Hours">Hours from their launch to their end, or to now, all together.</param>
public sealed record FleetUsage(string Environment, string Type, bool IsSpot, int Instances, double Hours);

/// <summary>Counts the hours of instances, from launch to end. Since the engine's start: it is not stored.</summary>
internal sealed class FleetHours(TimeProvider time)
{
    private readonly Dictionary<long, (FleetInstance Instance, DateTimeOffset Since)> _running = [];
    private readonly Dictionary<(string Environment, string Type, bool IsSpot), (int Instances, TimeSpan Hours)> _ended = [];

    // One that runs already keeps its beginning.
    public void Start(FleetInstance instance) => _running.TryAdd(instance.Number, (instance, time.GetUtcNow()));

    public void End(InstanceKey key)
    {
        if (!_running.Remove(key.Value, out (FleetInstance Instance, DateTimeOffset Since) one)) return;
        Add(_ended, one.Instance, time.GetUtcNow() - one.Since);
    }

    /// <summary>An instance that never came, and costs nothing.</summary>
    public void Forget(InstanceKey key) => _running.Remove(key.Value);

    public IReadOnlyList<FleetUsage> Describe()
    {
        Dictionary<(string Environment, string Type, bool IsSpot), (int Instances, TimeSpan Hours)> all = new(_ended);
        DateTimeOffset now = time.GetUtcNow();
        foreach ((FleetInstance instance, DateTimeOffset since) in _running.Values) Add(all, instance, now - since);
        return [.. all.OrderBy(one => one.Key.Environment, StringComparer.Ordinal).ThenBy(one => one.Key.Type, StringComparer.Ordinal)
            .Select(one =>
                new FleetUsage(one.Key.Environment, one.Key.Type, one.Key.IsSpot, one.Value.Instances, one.Value.Hours.TotalHours))];
    }

    private static void Add(
        Dictionary<(string Environment, string Type, bool IsSpot), (int Instances, TimeSpan Hours)> to, FleetInstance one, TimeSpan hours)
    {
        (string Environment, string Type, bool IsSpot) key = (one.Environment, one.Type, one.IsSpot);
        (int instances, TimeSpan before) = to.GetValueOrDefault(key);
        // A clock that was set back makes no time that could be taken from others.
        to[key] = (instances + 1, before + (hours > TimeSpan.Zero ? hours : TimeSpan.Zero));
    }
}

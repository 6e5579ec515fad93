
namespace Refrag.Scheduling.Clusters;

/// <summary>Where an instance stands.</summary>
internal enum InstanceState
{
    Starting,
    Running,
    Gone,
}

/// <summary>One host.</summary>
internal sealed class Instance(InstanceKey key, EnvironmentState environment, FleetType? type, Amount capacity, string zone)
{
    public InstanceKey Key => key;

    public EnvironmentState Environment => environment;

    /// <summary>Its type; null for one of an unmanaged environment, whose capacity alone is known.</summary>
    public FleetType? Type { get; } = type;

    public Amount Capacity { get; } = capacity;

    public string Zone => zone;

    public int VCpus { get; } = type?.Type.VCpus ?? capacity.MilliVCpus / 1000;

    /// <summary>What it takes of its environment's maximum.</summary>
    public long CountedMilliVCpus => environment.Model.CountsRequests ? 0 : VCpus * 1000L;

    public Amount Free { get; set; } = capacity;

    /// <summary>What of a starting instance no waiting job is counted on.</summary>
    public Amount Unpromised { get; set; } = capacity;

    public InstanceState State { get; set; } = InstanceState.Starting;

    /// <summary>Since when it has been in its state; 0 where that is not known.</summary>
    public long Since { get; set; }

    /// <summary>Its place in the tree of its state.</summary>
    public int Slot { get; set; }

    /// <summary>Its place in the environment's list of idle instances; -1 when it is not idle.</summary>
    public int IdleIndex { get; set; } = -1;

    public long IdleSince { get; set; }

    /// <summary>Counts its turns of being idle, so that an old appointment to terminate it is known as such.</summary>
    public int IdleTurn { get; set; }

    public bool EverRan { get; set; }

    public List<Job> Jobs { get; } = [];

    /// <summary>The waiting jobs that it was launched for.</summary>
    public List<(QueueDemand Demand, int Jobs)> Promises { get; } = [];

    public bool HasGpus { get; } = capacity.Gpus > 0;
}

/// <summary>An instance type within a fleet, with what its allocation strategy goes by.</summary>
internal sealed record FleetType(Catalogue.InstanceType Type, Amount Usable, double Rank)
{
    // Assumed: how long Batch leaves a type alone that it could not have.
    public const long RetryMilliseconds = 300_000;

    private readonly Dictionary<string, (long At, bool IsCapacity)> _failures = new(StringComparer.Ordinal);

    /// <summary>It could not be had in a zone.</summary>
    public void Failed(string zone, long now, bool isCapacity) => _failures[zone] = (now, isCapacity);

    public void CopyFailures(FleetType other)
    {
        foreach ((string zone, (long At, bool IsCapacity) failure) in other._failures) _failures[zone] = failure;
    }

    /// <summary>It came up in a zone, so it can be had there.</summary>
    public void CameUp(string zone) => _failures.Remove(zone);

    /// <summary>The first zone where it may be asked for; null for none.</summary>
    public string? ZoneToTry(IReadOnlyList<string> zones, long now)
    {
        if (_failures.Count == 0) return zones[0];
        foreach (string zone in zones)
        {
            if (!_failures.TryGetValue(zone, out (long At, bool IsCapacity) failure) || now >= failure.At + RetryMilliseconds) return zone;
        }
        return null;
    }

    /// <summary>
    /// Whether every zone refused it for want of capacity, and lately: the time between two tries and as much again for the second to fail.
    /// </summary>
    public bool IsScarce(IReadOnlyList<string> zones, long now)
    {
        if (_failures.Count == 0) return false;
        foreach (string zone in zones)
        {
            if (!_failures.TryGetValue(zone, out (long At, bool IsCapacity) failure)) return false;
            if (!failure.IsCapacity || now >= failure.At + (2 * RetryMilliseconds)) return false;
        }
        return true;
    }

    public override string ToString() => Type.Name;
}

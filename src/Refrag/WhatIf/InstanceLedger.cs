using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.WhatIf;

/// <summary>Counts what instances have, how long and for how much, from their launch to their end.</summary>
internal sealed class InstanceLedger(World world)
{
    private const double MillisecondsAnHour = 3_600_000;

    private readonly Dictionary<InstanceKey, Held> _held = [];
    private readonly Dictionary<string, ComputeEnvironment> _environments = world.Environments.ToDictionary(one => one.Name);
    private readonly Dictionary<(string Type, string Environment), Hosted> _types = [];
    private readonly Dictionary<string, long> _vCpus = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _peaks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unpriced = new(StringComparer.Ordinal);

    /// <summary>USD of the instances that have ended.</summary>
    public double Usd { get; private set; }

    /// <summary>vCPU-hours of the instances that have ended, and of jobs without instances.</summary>
    public double VCpuHours { get; private set; }

    /// <summary>GPU-hours of the instances that have ended.</summary>
    public double GpuHours { get; private set; }

    /// <summary>How many were launched and not refused.</summary>
    public int Count { get; private set; }

    public int Reclaimed { get; private set; }

    public IReadOnlyCollection<string> Unpriced => _unpriced;

    public IReadOnlyDictionary<string, long> PeakVCpus => _peaks;

    public void Launched(InstanceKey key, string type, string environment, long at)
    {
        if (!_types.TryGetValue((type, environment), out Hosted? hosted))
            _types.Add((type, environment), hosted = Hosted.Of(world, type, _environments[environment]));
        _held.Add(key, new Held(hosted, at));
        Count++;
        if (!hosted.Environment.CountsRequests) Grow(environment, hosted.Type.VCpus);
    }

    /// <summary>An instance that never came, and costs nothing.</summary>
    public void Refused(InstanceKey key)
    {
        if (!_held.Remove(key, out Held held)) return;
        Count--;
        if (!held.Hosted.Environment.CountsRequests) Grow(held.Hosted.Environment.Name, -held.Hosted.Type.VCpus);
    }

    public void Ended(InstanceKey key, long at, bool isReclaimed)
    {
        if (!_held.Remove(key, out Held held)) return;
        if (isReclaimed) Reclaimed++;
        if (!held.Hosted.Environment.CountsRequests) Grow(held.Hosted.Environment.Name, -held.Hosted.Type.VCpus);
        Add(held, at);
    }

    /// <summary>USD of all instances until a time.</summary>
    public double SpentUntil(long at) =>
        Usd + _held.Values.Sum(held => (at - held.Since) / MillisecondsAnHour * (held.Hosted.Hourly ?? 0));

    /// <summary>Counts the instances that still run.</summary>
    public void Close(long at)
    {
        foreach (Held held in _held.Values) Add(held, at);
        _held.Clear();
    }

    /// <summary>USD an hour of an instance on which a job starts; null if it has no price, or there is no instance.</summary>
    public (InstanceType? Type, double? Hourly) Host(InstanceKey key) =>
        _held.TryGetValue(key, out Held held) ? (held.Hosted.Type, held.Hosted.Hourly) : (null, null);

    /// <summary>A job without an instance ran: what it asks for is what there was for it, and its price is not known here.</summary>
    public void RanWithoutInstance(double vCpuHours)
    {
        VCpuHours += vCpuHours;
        _unpriced.Add("Fargate");
    }

    /// <summary>Counts what jobs ask for where the maximum does.</summary>
    public void Request(string environment, long vCpus)
    {
        ComputeEnvironment one = _environments[environment];
        bool hasInstances = one.Kind is ComputeEnvironmentKind.Ec2 or ComputeEnvironmentKind.Spot;
        if (one.CountsRequests || !hasInstances) Grow(environment, vCpus);
    }

    private void Add(Held held, long at)
    {
        double hours = (at - held.Since) / MillisecondsAnHour;
        Usd += hours * (held.Hosted.Hourly ?? 0);
        VCpuHours += hours * held.Hosted.Type.VCpus;
        GpuHours += hours * held.Hosted.Type.Gpus;
        if (held.Hosted.Hourly is null) _unpriced.Add(held.Hosted.Type.Name);
    }

    private void Grow(string environment, long by)
    {
        long now = _vCpus.GetValueOrDefault(environment) + by;
        _vCpus[environment] = now;
        if (now > _peaks.GetValueOrDefault(environment)) _peaks[environment] = now;
    }

    private readonly record struct Held(Hosted Hosted, long Since);

    private sealed record Hosted(InstanceType Type, ComputeEnvironment Environment, double? Hourly)
    {
        public static Hosted Of(World world, string type, ComputeEnvironment environment)
        {
            Price? price = world.Prices.Find(type, environment.Region);
            // As a fleet's bill is made: on Spot without a Spot price, the price on demand is the most it can be.
            decimal? hourly = environment.Kind is ComputeEnvironmentKind.Spot ? price?.Spot ?? price?.OnDemand : price?.OnDemand;
            return new Hosted(world.Types.Find(type)!, environment, (double?)hourly);
        }
    }
}

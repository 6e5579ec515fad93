using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.ServiceJobs;

/// <summary>What service jobs hold of their environment's capacity.</summary>
internal sealed class ServiceLedger(EngineState state)
{
    /// <summary>The unit of environments without quota shares, in which all instances count alike. (API CapacityLimit.capacityUnit)</summary>
    public const string Instances = "NUM_INSTANCES";

    private readonly Dictionary<(string Environment, string Unit), long> _used = [];
    private readonly Dictionary<string, (string Environment, ServiceSize Size)> _held = [];

    /// <summary>The ids of the jobs that hold something.</summary>
    public IReadOnlyCollection<string> Held => _held.Keys;

    /// <summary>In which of an environment's units a job counts: its instance type where there is a limit for it, or none for all instances.</summary>
    public static string UnitOf(ServiceSize size, IReadOnlyList<CapacityLimit> limits) =>
        limits.All(limit => limit.CapacityUnit != size.InstanceType) && limits.Any(limit => limit.CapacityUnit == Instances) ? Instances : size.InstanceType;

    /// <summary>Whether the job has room in the environment.</summary>
    public bool Fits(Job job, string environment)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        IReadOnlyList<CapacityLimit> limits = state.ServiceEnvironments.Find(environment)?.CapacityLimits ?? [];
        return limits.All(limit => Fits(environment, limit.CapacityUnit ?? Instances, limit.MaxCapacity ?? 0, size));
    }

    /// <summary>Takes.</summary>
    public void Take(Job job, string environment)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        _held[job.Id] = (environment, size);
        Count(environment, size, size.Count);
    }

    /// <summary>Gives back.</summary>
    public void Release(Job job)
    {
        if (_held.Remove(job.Id, out var held)) Count(held.Environment, held.Size, -held.Size.Count);
    }

    /// <summary>What is used of an environment's unit by all but the jobs that are named.</summary>
    public long UsedBeside(string environment, string unit, IEnumerable<Job> jobs) => _used.GetValueOrDefault((environment, unit)) - jobs
        .Select(job => _held[job.Id]).Where(held => held.Environment == environment && (unit == Instances || unit == held.Size.InstanceType)).Sum(held => held.Size.Count);

    private void Count(string environment, ServiceSize size, long change)
    {
        foreach (string unit in new[] { Instances, size.InstanceType }) _used[(environment, unit)] = _used.GetValueOrDefault((environment, unit)) + change;
    }

    private bool Fits(string environment, string unit, long most, ServiceSize size)
    {
        long wanted = unit == Instances || unit == size.InstanceType ? size.Count : 0;
        return wanted == 0 || _used.GetValueOrDefault((environment, unit)) + wanted <= most;
    }
}

using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.State;

namespace Refrag.Engine.Placement;

/// <summary>What service jobs hold of their environments' capacity. Owned by the writer loop.</summary>
internal sealed class ServiceLedger(EngineState state)
{
    private readonly Dictionary<(string Environment, string Unit), long> _used = [];
    private readonly Dictionary<string, (string Environment, ServiceSize Size)> _held = [];

    /// <summary>Whether the job has room in the environment.</summary>
    public bool Fits(Job job, string environment)
    {
        ServiceSize size = ServiceSize.Of(job.Plan.Service!);
        return Limits(environment).All(limit => Fits(limit, environment, size));
    }

    /// <summary>What an environment limits.</summary>
    public IReadOnlyList<CapacityLimit> Limits(string environment) => state.ServiceEnvironments.Find(environment)?.CapacityLimits ?? [];

    /// <summary>How much of a unit is held in an environment.</summary>
    public long Used(string environment, string unit) => _used.GetValueOrDefault((environment, unit));

    /// <summary>Takes what a job needs in an environment.</summary>
    public void Reserve(Job job, string environment)
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

    private bool Fits(CapacityLimit limit, string environment, ServiceSize size)
    {
        string unit = limit.CapacityUnit ?? ServiceSize.Instances;
        return (unit != ServiceSize.Instances && unit != size.InstanceType)
            || Used(environment, unit) + size.Count <= (limit.MaxCapacity ?? 0);
    }

    private void Count(string environment, ServiceSize size, long change)
    {
        foreach (string unit in new[] { ServiceSize.Instances, size.InstanceType })
            _used[(environment, unit)] = Used(environment, unit) + change;
    }
}

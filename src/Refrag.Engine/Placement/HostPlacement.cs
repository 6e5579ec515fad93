using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.ConsumableResources;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.ServiceJobs;

namespace Refrag.Engine.Placement;

/// <summary>
/// Placement on the one machine there is: queues by priority, those of one priority in the order of arrival, the first that does not fit holds up those behind
/// it (but not behind a job that waits for GPUs, for a consumable resource or for a service's capacity).
/// </summary>
internal sealed class HostPlacement(EngineState state) : IPlacement
{
    private readonly HostLedger _host = new(state.Options.VCpus, state.Options.Memory);
    private readonly ConsumableLedger _consumables = new(state);
    private readonly ServiceLedger _services = new(state);

    /// <inheritdoc/>
    public Demand Capacity => _host.Capacity;

    /// <inheritdoc/>
    public void SetGpus(IReadOnlyList<string> ids) => _host.SetGpus(ids);

    /// <inheritdoc/>
    public IEnumerable<string> Order(string queue) => state.Jobs.Runnable.Of(queue);

    /// <inheritdoc/>
    public IReadOnlyList<Placed> Choose()
    {
        List<Placed> placed = [];
        if (state.Jobs.Runnable.Count == 0) return placed;
        foreach (var queues in Open().GroupBy(queue => queue.Priority ?? 0).OrderByDescending(group => group.Key))
        {
            var environments = queues.ToDictionary(queue => queue.JobQueueName, Environment);
            if (!Choose([.. environments.Keys], environments, placed)) break;
        }
        return placed;
    }

    /// <inheritdoc/>
    public void Restore(Job job)
    {
        if (job.Plan.Kind is JobKind.Service) _services.Take(job, job.ComputeEnvironment ?? "");
        else _host.Restore(job.Id, job.Plan.HostDemand, [.. job.Nodes.SelectMany(node => node.Gpus ?? [])]);
    }

    /// <inheritdoc/>
    public void Release(Job job)
    {
        if (job.Plan.Kind is JobKind.Service) _services.Release(job);
        else _host.Release(job.Id);
        _consumables.Release(job);
        state.MayPlace = true;
    }

    private bool Choose(IReadOnlyList<string> queues, Dictionary<string, string> environments, List<Placed> placed)
    {
        foreach (Job job in state.Jobs.Runnable.Of(queues).Select(id => state.Jobs[id]))
        {
            string environment = environments[job.Plan.Queue];
            if (!_consumables.Fits(job)) continue;
            if (job.Plan.Kind is JobKind.Service)
            {
                if (_services.Fits(job, environment)) placed.Add(TakeService(job, environment));
                continue;
            }
            AdmissionAnswer answer = _host.Look(job.Plan.HostDemand);
            if (answer is AdmissionAnswer.Wait) return false;
            if (answer is AdmissionAnswer.WaitForGpus) continue;
            placed.Add(Take(job, environment, answer is AdmissionAnswer.StartAlone ? AloneText(job.Plan.Demand) : null));
        }
        return true;
    }

    private Placed Take(Job job, string environment, string? note)
    {
        _consumables.Take(job);
        _host.Take(job.Id, job.Plan.HostDemand);
        return new Placed(job, environment, _host.GpusOf(job.Id), note);
    }

    private Placed TakeService(Job job, string environment)
    {
        _services.Take(job, environment);
        return new Placed(job, environment, [], null);
    }

    // A queue goes on dispatching while it is DISABLED; an environment does not. (API CreateJobQueue.state, CreateComputeEnvironment.state)
    private IEnumerable<JobQueueDetail> Open() => state.JobQueues.All.Where(queue => Environment(queue).Length > 0);

    private string Environment(JobQueueDetail queue)
    {
        if (queue.ServiceEnvironmentOrder is { Count: > 0 } services)
        {
            return services.OrderBy(one => one.Order).Select(one => state.ServiceEnvironments.Find(one.ServiceEnvironment))
                .FirstOrDefault(one => one is { State: ServiceEnvironmentState.Enabled, Status: ServiceEnvironmentStatus.Valid })?.ServiceEnvironmentName ?? "";
        }
        return queue.ComputeEnvironmentOrder.OrderBy(one => one.Order).Select(one => state.ComputeEnvironments.Find(one.ComputeEnvironment))
            .FirstOrDefault(one => one is { State: CEState.Enabled, Status: CEStatus.Valid or CEStatus.Updating })?.ComputeEnvironmentName ?? "";
    }

    private string AloneText(Demand wanted) => string.Create(
        CultureInfo.InvariantCulture, $"The job asks for {wanted}; this machine has {Capacity}. It runs alone.");
}

using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.State;

namespace Refrag.Engine.Placement;

/// <summary>
/// Placement on the one machine there is: queues by priority, those of one priority in the order of arrival, the first that does not fit
/// holds up those behind it (but not behind a job that waits for GPUs, for a consumable resource or for a service's capacity).
/// </summary>
/// <param name="state">The engine's state.</param>
/// <param name="machine">What the machine has, and who has it.</param>
/// <param name="consumables">What jobs hold of consumable resources.</param>
/// <param name="isOurs">Whether a queue's jobs run here.</param>
internal sealed class HostPlacement(EngineState state, HostLedger machine, ConsumableLedger consumables, Predicate<JobQueueDetail> isOurs)
{
    private readonly ServicePlacement _services = new(state);

    /// <summary>What is to happen now.</summary>
    public Decisions Choose()
    {
        if (state.Jobs.Runnable.Count == 0) return new Decisions();
        List<Placed> placed = [];
        var queues = state.JobQueues.All
            .Where(queue => isOurs(queue) && Environment(queue).Length > 0)
            .ToLookup(queue => queue.ServiceEnvironmentOrder is { Count: > 0 });
        // Services have a capacity of their own, which this machine's does not hold up.
        Decisions decided =
            _services.Choose(ByPriority(queues[true]).Select(services => services.ToDictionary(queue => queue.JobQueueName, Environment)));
        foreach (var hosts in ByPriority(queues[false]))
        {
            if (!ChooseHosts(hosts, placed)) break;
        }
        return decided with { Placed = [.. decided.Placed, .. placed] };
    }

    /// <summary>The ids of a queue's runnable jobs in the order in which they would start.</summary>
    public IEnumerable<string> Order(string queue) => _services.Order(queue) ?? state.Jobs.Runnable.Of(queue);

    /// <summary>Gives a job that was running before the engine started what it had.</summary>
    public void Restore(Job job)
    {
        if (job.Plan.Kind is JobKind.Service) _services.Reserve(job, job.ComputeEnvironment ?? "");
        else machine.Restore(job.Id, job.Plan.HostDemand, [.. job.Nodes.SelectMany(node => node.Gpus ?? [])]);
    }

    /// <summary>Takes back what an attempt had.</summary>
    public void Release(Job job)
    {
        if (job.Plan.Kind is JobKind.Service) _services.Release(job);
        else machine.Release(job.Id);
        consumables.Release(job);
        state.MayPlace = true;
    }

    private static IEnumerable<IGrouping<int, JobQueueDetail>> ByPriority(IEnumerable<JobQueueDetail> queues) =>
        queues.GroupBy(queue => queue.Priority ?? 0).OrderByDescending(group => group.Key);

    // Whether those behind may be placed.
    private bool ChooseHosts(IEnumerable<JobQueueDetail> queues, List<Placed> placed)
    {
        var environments = queues.ToDictionary(queue => queue.JobQueueName, Environment);
        foreach (Job job in state.Jobs.Runnable.Of([.. environments.Keys]).Select(id => state.Jobs[id]))
        {
            if (placed.Count >= Decisions.MostStarts) return false;
            if (consumables.Fits(job) && !ChooseHost(job, environments[job.Plan.Queue], placed)) return false;
        }
        return true;
    }

    private bool ChooseHost(Job job, string environment, List<Placed> placed)
    {
        AdmissionAnswer answer = machine.TryReserve(job.Id, job.Plan.HostDemand);
        if (answer is AdmissionAnswer.Wait) return false;
        if (answer is not AdmissionAnswer.WaitForGpus)
            placed.Add(Start(job, environment, answer is AdmissionAnswer.StartAlone ? AloneText(job.Plan.Demand) : null));
        return true;
    }

    private Placed Start(Job job, string environment, string? note)
    {
        consumables.Reserve(job);
        return new Placed(job, environment, machine.GpusOf(job.Id), note);
    }

    // A queue still dispatches while it is DISABLED; an environment does not. (API CreateJobQueue.state, CreateComputeEnvironment.state)
    // Empty if there is none.
    private string Environment(JobQueueDetail queue)
    {
        if (queue.ServiceEnvironmentOrder is { Count: > 0 } services)
        {
            return services.OrderBy(one => one.Order).Select(one => state.ServiceEnvironments.Find(one.ServiceEnvironment))
                .FirstOrDefault(
                one => one is { State: ServiceEnvironmentState.Enabled, Status: ServiceEnvironmentStatus.Valid })?.ServiceEnvironmentName
                    ?? "";
        }
        return queue.ComputeEnvironmentOrder.OrderBy(one => one.Order).Select(one => state.ComputeEnvironments.Find(one.ComputeEnvironment))
            .FirstOrDefault(one => one is { State: CEState.Enabled, Status: CEStatus.Valid or CEStatus.Updating })?.ComputeEnvironmentName
            ?? "";
    }

    private string AloneText(Demand wanted) => string.Create(
        CultureInfo.InvariantCulture, $"The job asks for {wanted}; this machine has {machine.Capacity}. It runs alone.");
}

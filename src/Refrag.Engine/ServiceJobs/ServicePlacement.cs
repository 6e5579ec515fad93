using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Placement;
using Refrag.Scheduling.Blocking;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Engine.ServiceJobs;

/// <summary>Placement of service jobs in the capacity of service environments: queues by priority, with quota shares or in the order of arrival. Owned by the writer loop.</summary>
internal sealed class ServicePlacement
{
    private readonly EngineState _state;
    private readonly ServiceLedger _ledger;
    private readonly QuotaPlacement _quotas;

    public ServicePlacement(EngineState state)
    {
        (_state, _ledger) = (state, new ServiceLedger(state));
        _quotas = new QuotaPlacement(state, _ledger);
    }

    /// <summary>What is to happen now in queues, each with the environment that it uses.</summary>
    public Decisions Choose(IEnumerable<(JobQueueDetail Queue, string Environment)> queues)
    {
        var decided = new Decisions();
        // Those of one priority together in the order of arrival, but for queues with quota shares, which have an order of their own.
        foreach (var group in queues.GroupBy(one => one.Queue.Priority ?? 0).OrderByDescending(group => group.Key))
        {
            foreach (var (queue, environment) in group.Where(one => _quotas.IsQuota(one.Queue)).OrderBy(one => one.Queue.JobQueueName, StringComparer.Ordinal))
                decided = decided.With(ByQuota(queue, environment));
            decided = decided with { Placed = [.. decided.Placed, .. ByArrival(group.Where(one => !_quotas.IsQuota(one.Queue)).ToDictionary(one => one.Queue.JobQueueName, one => one.Environment))] };
        }
        return decided;
    }

    /// <summary>The order of a queue's waiting jobs; null where it is that of arrival.</summary>
    public IEnumerable<string>? Order(string queue) => _state.JobQueues.Find(queue) is { } found && _quotas.IsQuota(found) ? _quotas.Order(queue) : null;

    /// <summary>Gives a job that was running before the engine started what it had.</summary>
    public void Restore(Job job) => _ledger.Take(job, job.ComputeEnvironment ?? "");

    /// <summary>Takes back what an attempt had.</summary>
    public void Release(Job job) => _ledger.Release(job);

    private List<Placed> ByArrival(Dictionary<string, string> environments) =>
    [
        .. _state.Jobs.Runnable.Of([.. environments.Keys]).Select(id => _state.Jobs[id])
            .Where(job => _ledger.Fits(job, environments[job.Plan.Queue])).Select(job => Take(job, environments[job.Plan.Queue])),
    ];

    private Decisions ByQuota(JobQueueDetail queue, string environment)
    {
        if (!_state.Jobs.Runnable.Of(queue.JobQueueName).Any()) return new Decisions();
        QuotaPlan plan = _quotas.Decide(queue, environment);
        Dictionary<string, string> words = plan.Waits.ToDictionary(wait => wait.JobId, _quotas.WordsOf);
        return new Decisions
        {
            Placed = [.. plan.Starts.Select(id => Take(_state.Jobs[id], environment))],
            Preempted = [.. plan.Preemptions.Select(one => (one.JobId, QuotaPlacement.ReasonOf(one)))],
            Blocked = [.. _state.Jobs.Runnable.Of(queue.JobQueueName).Where(id => words.ContainsKey(id) || IsStale(id))
                .Select(id => (id, (BlockedCause?)null, words.GetValueOrDefault(id)))],
        };
    }

    // A job that another has overtaken no longer waits for what it waited for.
    private bool IsStale(string id) => _state.Jobs[id].StatusReason?.StartsWith(QuotaPlacement.WaitWords, StringComparison.Ordinal) == true;

    private Placed Take(Job job, string environment)
    {
        _ledger.Take(job, environment);
        return new Placed(job, environment, [], null);
    }
}

using Refrag.Engine.Jobs;
using Refrag.Engine.State;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Engine.Placement;

/// <summary>
/// Places service jobs: by their queue's quota shares where it has such, else in the order of arrival, past those that do not fit. Owned by
/// the writer loop.
/// </summary>
internal sealed class ServicePlacement(EngineState state)
{
    private readonly ServiceLedger _ledger = new(state);

    /// <summary>What is to happen now.</summary>
    /// <param name="priorities">From the highest priority down: the queues that have it, each with its environment.</param>
    public Decisions Choose(IEnumerable<IReadOnlyDictionary<string, string>> priorities)
    {
        var found = new Found();
        foreach (IReadOnlyDictionary<string, string> queues in priorities)
        {
            // Queues of one priority take from one order, but a quota share's order is its own.
            var shared = queues.ToLookup(pair => HasShares(pair.Key));
            InOrder(shared[false].ToDictionary(), found);
            foreach (var (queue, environment) in shared[true]) ByShares(queue, environment, found);
        }
        return new Decisions { Placed = found.Placed, Blocked = found.Blocked, Preempted = found.Preempted };
    }

    /// <summary>
    /// The ids of a queue's runnable jobs in the order in which they would start; null if the queue has no quota shares.
    /// </summary>
    public IEnumerable<string>? Order(string queue) =>
        HasShares(queue) ? QuotaScheduler.Order(QuotaSnapshots.Of(state, _ledger, queue, "")) : null;

    /// <summary>Gives a job what it has.</summary>
    public void Reserve(Job job, string environment) => _ledger.Reserve(job, environment);

    /// <summary>Takes back what an attempt had.</summary>
    public void Release(Job job) => _ledger.Release(job);

    private bool HasShares(string queue) =>
        state.JobQueues.Find(queue) is { ServiceEnvironmentOrder.Count: > 0 } found && state.PolicyOf(found)?.QuotaSharePolicy is not null;

    private void InOrder(Dictionary<string, string> environments, Found found)
    {
        if (environments.Count == 0) return;
        foreach (Job job in state.Jobs.Runnable.Of([.. environments.Keys]).Select(id => state.Jobs[id]))
        {
            if (found.Placed.Count >= Decisions.MostStarts) return;
            string environment = environments[job.Plan.Queue];
            if (_ledger.Fits(job, environment)) Place(job, environment, found);
        }
    }

    private void ByShares(string queue, string environment, Found found)
    {
        if (!state.Jobs.Runnable.Of(queue).Any()) return;
        QuotaPlan plan = QuotaScheduler.Decide(QuotaSnapshots.Of(state, _ledger, queue, environment));
        foreach (string id in plan.Starts) Place(state.Jobs[id], environment, found);
        found.Preempted.AddRange(plan.Preemptions.Select(one => (one.JobId, QuotaReasons.Of(one))));
        foreach (WaitingQuotaJob waiting in plan.Waits)
        {
            string? reason = QuotaReasons.Of(waiting.Cause);
            // Those behind a head have no reason; only the reason that they had as the head is removed.
            if (reason is not null || QuotaReasons.IsOurs(state.Jobs[waiting.JobId].StatusReason))
                found.Blocked.Add((waiting.JobId, null, reason));
        }
    }

    private void Place(Job job, string environment, Found found)
    {
        _ledger.Reserve(job, environment);
        found.Placed.Add(new Placed(job, environment, [], null));
    }

    private sealed class Found
    {
        public List<Placed> Placed { get; } = [];

        public List<(string JobId, Scheduling.Queues.BlockedCause? Cause, string? Reason)> Blocked { get; } = [];

        public List<(string JobId, string Reason)> Preempted { get; } = [];
    }
}

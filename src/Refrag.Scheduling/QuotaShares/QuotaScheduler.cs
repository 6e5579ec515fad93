namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// Decides which service jobs of a queue with quota shares start, which are preempted and which wait. Pure: no clock, no memory. What AWS
/// documents of it and what is assumed stands in docs/concepts/scheduling.md.
/// </summary>
public static class QuotaScheduler
{
    /// <summary>
    /// Decides. Within a share and capacity unit the job of the highest priority, then the oldest, goes first and holds up those behind it.
    /// Jobs within their share's own capacity come first, then those that would be after displacing others of it, then those that
    /// borrow; each in the order of arrival. After jobs have ended, decide again.
    /// </summary>
    public static QuotaPlan Decide(QuotaSnapshot snapshot)
    {
        var round = new QuotaRound(snapshot);
        round.Go(QuotaPhase.Owners);
        round.Go(QuotaPhase.Displacers);
        round.Go(QuotaPhase.Borrowers);
        return round.Plan();
    }

    /// <summary>The ids of the waiting jobs in the order in which they would start if there were room.</summary>
    public static IEnumerable<string> Order(QuotaSnapshot snapshot)
    {
        var ledger = new QuotaLedger(snapshot);
        var preemption = new PreemptionPlanner(ledger, snapshot.Running);
        List<Queue<QuotaJob>> lines = Lines(snapshot);
        while (lines.Count > 0)
        {
            Queue<QuotaJob> next =
                lines.MinBy(line => (
                    ledger.Of(line.Peek()).Owns(line.Peek().Quantity) ? 0 : preemption.IsOwed(line.Peek()) ? 1 : 2, line.Peek().Order))!;
            QuotaJob job = next.Dequeue();
            ledger.Of(job).Promised += job.Quantity;
            if (next.Count == 0) lines.Remove(next);
            yield return job.Id;
        }
    }

    /// <summary>What waits, share by share and unit by unit, each in its order.</summary>
    internal static List<Queue<QuotaJob>> Lines(QuotaSnapshot snapshot) =>
        [.. snapshot.Waiting
            .GroupBy(job => (job.Share, job.Unit))
            .Select(line => new Queue<QuotaJob>(line.OrderByDescending(job => job.Priority).ThenBy(job => job.Order)))];
}

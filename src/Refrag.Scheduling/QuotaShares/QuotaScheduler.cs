namespace Refrag.Scheduling.QuotaShares;

/// <summary>
/// Decides which service jobs of a queue with quota shares start, which are preempted and which wait. Pure: no clock, no memory. What AWS documents of it and what is
/// assumed stands in docs/scheduling.md.
/// </summary>
public static class QuotaScheduler
{
    /// <summary>
    /// Decides. Within a share and capacity unit the job of the highest priority, then the oldest, goes first and holds up those behind it. Jobs within their share's own
    /// capacity are looked at before jobs that borrow; both in the order of arrival. After jobs have ended, decide again.
    /// </summary>
    public static QuotaPlan Decide(QuotaScene scene)
    {
        var round = new QuotaRound(scene);
        round.Go(ownOnly: true);
        round.Go(ownOnly: false);
        return round.Plan();
    }

    /// <summary>The ids of the waiting jobs in the order in which they would start if there were room.</summary>
    public static IEnumerable<string> Order(QuotaScene scene)
    {
        var books = new QuotaBooks(scene);
        List<Queue<QuotaJob>> lines = Lines(scene);
        while (lines.Count > 0)
        {
            Queue<QuotaJob> next = lines.MinBy(line => (books.Of(line.Peek()).Owns(line.Peek().Quantity) ? 0 : 1, line.Peek().Order))!;
            QuotaJob job = next.Dequeue();
            books.Of(job).Promised += job.Quantity;
            if (next.Count == 0) lines.Remove(next);
            yield return job.Id;
        }
    }

    /// <summary>What waits, share by share and unit by unit, each in its order.</summary>
    internal static List<Queue<QuotaJob>> Lines(QuotaScene scene) =>
        [.. scene.Waiting.GroupBy(job => (job.Share, job.Unit)).Select(line => new Queue<QuotaJob>(line.OrderByDescending(job => job.Priority).ThenBy(job => job.Order)))];
}

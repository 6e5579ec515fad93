using Refrag.Scheduling.Blocking;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>Remembers which job blocks a queue, for which cause and since when.</summary>
internal static class Block
{
    public static void Set(Round round, QueueState queue, Job head)
    {
        (BlockedCause? cause, string? type) = queue.IsHeldByReservation
            ? (null, null)
            : BlockedCauseFinder.Of(queue, head.Shape, round.Now);
        if (queue.BlockedHead == head && queue.Cause == cause) return;
        if (queue.BlockedHead is { } old && queue.Cause is not null && (old != head || cause is null))
            round.Add(new BlockedChange(queue.Model.Name, old.Request.Id, null, null));
        if (cause is { } known) round.Add(new BlockedChange(queue.Model.Name, head.Request.Id, known, known.Reason(type)));
        if (queue.BlockedHead != head) queue.ScaleAll = true;
        (queue.BlockedHead, queue.Cause, queue.CauseType, queue.CauseSince) = (head, cause, type, round.Now);
        Limit(queue);
    }

    /// <summary>The head blocks the queue since an earlier cluster knew it.</summary>
    public static void Continue(QueueState queue, Job head, QueueState before)
    {
        (queue.BlockedHead, queue.Cause, queue.CauseType, queue.CauseSince) = (head, before.Cause, before.CauseType, before.CauseSince);
        Limit(queue);
    }

    /// <summary>Finds when a time limit of the queue, as it is now, acts on the head.</summary>
    public static void Limit(QueueState queue) => queue.LimitAt = LimitAt(queue);

    /// <summary>The head is gone or runs.</summary>
    public static void Clear(QueueState queue)
    {
        (queue.BlockedHead, queue.Cause, queue.CauseType) = (null, null, null);
        queue.LimitAt = long.MaxValue;
    }

    // Counted from when the cause was found. (UG job_stuck_in_runnable: "in a RUNNABLE state with the defined statusReason")
    private static long LimitAt(QueueState queue)
    {
        long limit = long.MaxValue;
        foreach (Queues.TimeLimitAction action in queue.Model.TimeLimits)
        {
            if (action.Cause == queue.Cause && action.Cause.TakesTimeLimit())
                limit = Math.Min(limit, queue.CauseSince + (long)action.After.TotalMilliseconds);
        }
        return limit;
    }
}

using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>
/// Starts jobs from the head of a queue until one cannot start; those behind it wait too. (UG job_stuck_in_runnable: the head blocks)
/// </summary>
internal static class Dispatcher
{
    public static void Run(Round round, QueueState queue)
    {
        while (true)
        {
            if (round.IsFull)
            {
                round.IsCutShort = true;
                return;
            }
            if (queue.Head(round.Now) is not { } head)
            {
                // Whoever blocked the queue has gone; the next one who comes is not to wait for him.
                Block.Clear(queue);
                break;
            }
            if (!Dispatch(round, queue, head)) break;
        }
        queue.IsDirty = false;
    }

    // True where there is another head now.
    private static bool Dispatch(Round round, QueueState queue, Job head)
    {
        queue.IsHeldByReservation = Reservation.Holds(queue, head, round.Now);
        if (!queue.IsHeldByReservation && TryPlace(round, head))
        {
            if (queue.BlockedHead == head) Block.Clear(queue);
            return true;
        }
        Block.Set(round, queue, head);
        if (queue.LimitAt > round.Now) return false;
        BlockedCause cause = queue.Cause!.Value;
        Block.Clear(queue);
        round.Cancel(head, cause.CanceledReason());
        queue.ScaleAll = true;
        return true;
    }

    // Any environment with room, in their order: a job never waits for a new instance while one stands free. (Assumed.)
    private static bool TryPlace(Round round, Job job)
    {
        foreach (EnvironmentState environment in job.Queue.Environments)
        {
            if (!environment.TakesJobs || !environment.Suits(job.Shape)) continue;
            if (job.Shape.Nodes > 1)
            {
                if (NodePlacement.TryPlace(round, environment, job)) return true;
            }
            else if (environment.Model.IsFargate)
            {
                if (!FitsFargate(environment, job.Shape)) continue;
                round.Place(job, environment, []);
                return true;
            }
            else if (environment.Allows(job.Shape) && environment.FindRoom(job.Shape.Amount) is { } instance)
            {
                round.Place(job, instance);
                return true;
            }
        }
        return false;
    }

    private static bool FitsFargate(EnvironmentState environment, Shape shape) => FargateSizes.Accepts(shape.Amount)
        && environment.TotalMilliVCpus + shape.Amount.MilliVCpus <= environment.Model.MaxVCpus * 1000L;
}

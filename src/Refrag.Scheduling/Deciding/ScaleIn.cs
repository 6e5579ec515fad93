using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <summary>Terminates instances that have been idle for long enough, down to the minimum.</summary>
internal static class ScaleIn
{
    // An instance may go as soon as it is idle, and the next look at one that must stay is later, never in the same moment.
    private const long LeastMillisecondsToNextLook = 1000;

    public static void Run(Round round, EnvironmentState environment)
    {
        while (environment.Appointments.TryPeek(out (Instance Instance, int Turn) one, out long due) && due <= round.Now)
        {
            if (round.IsFull)
            {
                round.IsCutShort = true;
                return;
            }
            environment.Appointments.Dequeue();
            if (one.Instance.IdleIndex < 0 || one.Instance.IdleTurn != one.Turn) continue;
            if (MustStay(round, environment, one.Instance))
            {
                long wait = Math.Max(LeastMillisecondsToNextLook, environment.IdleMilliseconds(one.Instance));
                environment.Appointments.Enqueue(one, round.Now + wait);
            }
            else round.Terminate(one.Instance);
        }
    }

    private static bool MustStay(Round round, EnvironmentState environment, Instance instance) =>
        environment.TotalMilliVCpus - instance.CountedMilliVCpus < environment.Model.MinVCpus * 1000L
        || environment.Queues.Exists(queue => IsCollectedFor(round, queue, instance));

    // A multi-node job gathers instances of one type one by one; those it has must not go meanwhile. All others must: they may be in the
    // way of the missing ones.
    private static bool IsCollectedFor(Round round, QueueState queue, Instance instance) =>
        instance.Environment.Model.TakesNodes
            && queue.BlockedHead is { Shape.Nodes: > 1 } head
            && NodePlacement.Gathered(round, instance.Environment, head.Shape)?.Type.Name == instance.Type?.Type.Name;
}

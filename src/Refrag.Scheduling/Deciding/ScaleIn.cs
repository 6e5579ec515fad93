using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <summary>Terminates instances that have been idle for long enough, down to the minimum.</summary>
internal static class ScaleIn
{
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
            if (MustStay(environment, one.Instance)) environment.Appointments.Enqueue(one, round.Now + environment.IdleMilliseconds(one.Instance));
            else round.Terminate(one.Instance);
        }
    }

    private static bool MustStay(EnvironmentState environment, Instance instance) =>
        environment.TotalMilliVCpus - (instance.VCpus * 1000L) < environment.Model.MinVCpus * 1000L
        || environment.Queues.Exists(queue => IsCollectedFor(queue, instance));

    // A multi-node job gathers its instances one by one; those it has must not go meanwhile.
    private static bool IsCollectedFor(QueueState queue, Instance instance) =>
        queue.BlockedHead is { Shape.Nodes: > 1 } head && head.Shape.Amount.FitsIn(instance.Capacity);
}

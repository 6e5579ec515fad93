using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <summary>What a fair-share queue keeps free for shares that have no jobs yet. (API FairsharePolicy computeReservation)</summary>
internal static class Reservation
{
    /// <summary>
    /// Whether the job would take what is reserved. Never where the queue runs nothing: a job larger than what is left would wait forever.
    /// (Assumed.)
    /// </summary>
    public static bool Holds(QueueState queue, Job job, long now)
    {
        if (queue.Model.FairShare is not { ComputeReservation: > 0 } policy || queue.RunningMilliVCpus == 0) return false;
        long all = 0;
        foreach (EnvironmentState environment in queue.Environments) all += MaxMilliVCpus(environment);
        return queue.RunningMilliVCpus + job.Shape.TotalMilliVCpus > all * (1 - policy.Reserved(queue.ActiveShares(now)));
    }

    /// <summary>The most vCPUs to which an environment grows for a queue.</summary>
    public static long Limit(QueueState queue, EnvironmentState environment, long now) =>
        queue.Model.FairShare is { ComputeReservation: > 0 } policy
            ? (long)(MaxMilliVCpus(environment) * (1 - policy.Reserved(queue.ActiveShares(now))))
            : MaxMilliVCpus(environment);

    /// <summary>
    /// Whether the queue runs nothing and waits for nothing that starts, so that its next job may have what is reserved, as by
    /// <see cref="Holds"/>.
    /// </summary>
    public static bool IsFree(QueueState queue) =>
        queue is { Model.FairShare.ComputeReservation: > 0, RunningMilliVCpus: 0 } && queue.Demands.All(demand => demand.Covered == 0);

    /// <summary>The most vCPUs of an environment, in thousandths; what an unmanaged one has.</summary>
    public static long MaxMilliVCpus(EnvironmentState environment) =>
        environment.Model.Kind is Environments.ComputeEnvironmentKind.Unmanaged
            ? environment.TotalMilliVCpus
            : environment.Model.MaxVCpus * 1000L;
}

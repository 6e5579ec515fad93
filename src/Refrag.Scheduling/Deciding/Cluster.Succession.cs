using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Deciding;

/// <content>What outlives a cluster in whose place another one is made.</content>
public sealed partial class Cluster
{
    /// <summary>
    /// Takes over what a snapshot of an earlier cluster does not hold: which types could not be had, what was seen of jobs and instances,
    /// since when a head is blocked, and that an environment had the vCPUs that it starts out with. Environments, queues and jobs that are
    /// not here too are left out.
    /// </summary>
    public void Succeed(Cluster before)
    {
        CopyScarcity(before);
        Observations = before.Observations;
        foreach (EnvironmentState environment in _environmentOrder)
        {
            if (before.FindEnvironment(environment.Model.Name) is { } original)
                environment.InitialVCpus = original.InitialAfter(environment.Model);
        }
        foreach (QueueState queue in _order)
        {
            if (before.FindQueue(queue.Model.Name) is not { BlockedHead: { } head } original
                || !_jobs.TryGetValue(head.Request.Id, out Job? job)) continue;
            if (job.Status is SchedulingState.Waiting && job.Queue == queue) Block.Continue(queue, job, original);
        }
    }
}

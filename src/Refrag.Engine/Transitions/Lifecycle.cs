using Refrag.Aws.Batch;
using Refrag.Engine.State;

namespace Refrag.Engine.Transitions;

/// <summary>
/// Takes resources on from CREATING and UPDATING to VALID, and from DELETING to nothing. It happens in the step after the request's; after
/// a restart the change is resumed.
/// </summary>
internal static class Lifecycle
{
    /// <summary>The status reason of a healthy queue. (as Batch shows it)</summary>
    public const string QueueHealthy = "JobQueue Healthy";

    /// <summary>The status reason of a healthy environment. (as Batch shows it)</summary>
    public const string EnvironmentHealthy = "ComputeEnvironment Healthy";

    /// <summary>Finishes what is under way.</summary>
    public static void Finish(EngineState state)
    {
        foreach (ComputeEnvironmentDetail one in state.ComputeEnvironments.All.ToList())
        {
            if (one.Status is CEStatus.Creating or CEStatus.Updating)
                state.ComputeEnvironments.Put(one with { Status = CEStatus.Valid, StatusReason = EnvironmentHealthy });
            if (one.Status is CEStatus.Deleting) state.ComputeEnvironments.Remove(one);
        }
        foreach (ServiceEnvironmentDetail one in state.ServiceEnvironments.All.ToList())
        {
            if (one.Status is ServiceEnvironmentStatus.Creating or ServiceEnvironmentStatus.Updating)
                state.ServiceEnvironments.Put(one with { Status = ServiceEnvironmentStatus.Valid });
            if (one.Status is ServiceEnvironmentStatus.Deleting) state.ServiceEnvironments.Remove(one);
        }
        foreach (DescribeQuotaShareResponse one in state.QuotaShares.All.ToList())
        {
            if (one.Status is QuotaShareStatus.Creating or QuotaShareStatus.Updating)
                state.QuotaShares.Put(one with { Status = QuotaShareStatus.Valid });
            if (one.Status is QuotaShareStatus.Deleting) state.QuotaShares.Remove(one);
        }
        foreach (JobQueueDetail one in state.JobQueues.All.ToList()) Finish(state, one);
    }

    // A queue goes when its last job has ended. (API DeleteJobQueue)
    private static void Finish(EngineState state, JobQueueDetail queue)
    {
        if (queue.Status is JQStatus.Creating or JQStatus.Updating)
            state.JobQueues.Put(queue with { Status = JQStatus.Valid, StatusReason = QueueHealthy });
        if (queue.Status is JQStatus.Deleting && !state.Jobs.Submissions.Alive(queue.JobQueueName).Any())
        {
            foreach (DescribeQuotaShareResponse share in state.QuotaShares.All
                .Where(share => share.JobQueueArn == queue.JobQueueArn).ToList()) state.QuotaShares.Remove(share);
            state.JobQueues.Remove(queue);
        }
    }
}

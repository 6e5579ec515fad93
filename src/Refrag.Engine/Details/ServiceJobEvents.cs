using Refrag.Aws.Events;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Details;

/// <summary>The events of service jobs.</summary>
internal static class ServiceJobEvents
{
    /// <summary>What a new status raises: itself, and that a preemption has come to its end with it.</summary>
    public static IEnumerable<BatchEvent> Of(Job? before, Job job, DateTimeOffset now)
    {
        yield return new ServiceJobStateChanged
        {
            Time = now,
            Job = ServiceJobDetails.Describe(job) with { Tags = null, ServiceRequestPayload = null },
        };
        if (job.Preemptions == (before?.Preemptions ?? 0) || ServiceJobDetails.Preemptions(job) is not { } summary) yield break;
        yield return new ServiceJobPreemptionCompleted
        {
            Time = now,
            PreemptedJobArn = JobArn.Of(job),
            Status = job.State.ToStatus(),
            PreemptionSummary = summary,
        };
    }

    /// <summary>That a job is being stopped to make room.</summary>
    public static BatchEvent Preempting(Job job, DateTimeOffset now) =>
        new ServiceJobPreemptionStarted
        {
            Time = now,
            PreemptedJobArn = JobArn.Of(job),
            Status = job.State.ToStatus(),
            StatusReason = job.StatusReason!,
        };
}

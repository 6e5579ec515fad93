using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Details;

/// <summary>Describes service jobs as DescribeServiceJob does.</summary>
internal static class ServiceJobDetails
{
    /// <summary>All of a service job.</summary>
    public static DescribeServiceJobResponse Describe(Job job)
    {
        SubmitServiceJobRequest asked = job.Plan.Service!;
        ServiceSize size = ServiceSize.Of(asked);
        return new DescribeServiceJobResponse
        {
            Attempts = [.. job.Attempts.Select(attempt => new ServiceJobAttemptDetail
            {
                ServiceResourceId = Resource(job, LocalArn.NameOf(attempt.Container?.TaskArn ?? "")),
                StartedAt = attempt.StartedAt,
                StoppedAt = attempt.StoppedAt,
                StatusReason = attempt.StatusReason,
            })],
            CapacityUsage = [new ServiceJobCapacityUsageDetail { CapacityUnit = size.UnitOf(job), Quantity = size.Count }],
            CreatedAt = job.CreatedAt,
            IsTerminated = job.IsTerminated,
            JobArn = JobArn.Of(job),
            JobId = job.Id,
            JobName = job.Plan.Name,
            JobQueue = job.Plan.Arns.Queue(job.Plan.Queue),
            LatestAttempt = Latest(job),
            RetryStrategy = asked.RetryStrategy ?? new ServiceJobRetryStrategy { Attempts = 1 },
            ScheduledAt = job.ScheduledAt,
            SchedulingPriority = job.Priority ?? asked.SchedulingPriority,
            ServiceRequestPayload = asked.ServiceRequestPayload,
            ServiceJobType = asked.ServiceJobType,
            ShareIdentifier = asked.ShareIdentifier,
            QuotaShareName = asked.QuotaShareName,
            PreemptionConfiguration = asked.PreemptionConfiguration,
            PreemptionSummary = Preemptions(job),
            StartedAt = job.StartedAt,
            Status = job.State.ToStatus(),
            StatusReason = job.StatusReason,
            StoppedAt = job.StoppedAt,
            Tags = job.Tags ?? asked.Tags ?? new Dictionary<string, string>(),
            TimeoutConfig = asked.TimeoutConfig,
        };
    }

    /// <summary>The attempt that runs, or ran last; null if none has begun.</summary>
    public static LatestServiceJobAttempt? Latest(Job job) =>
        job.Nodes is [var run, ..] ? new LatestServiceJobAttempt { ServiceResourceId = Resource(job, run.TaskId) } : null;

    /// <summary>How often a job was preempted; null for never. (API DescribeServiceJob.preemptionSummary)</summary>
    public static ServiceJobPreemptionSummary? Preemptions(Job job) => job.Preemptions == 0 ? null : new ServiceJobPreemptionSummary
    {
        PreemptedAttemptCount = job.Preemptions,
        RecentPreemptedAttempts = [.. job.PreemptedAttempts.Select(attempt => new ServiceJobPreemptedAttempt
        {
            ServiceResourceId = Resource(job, LocalArn.NameOf(attempt.Container?.TaskArn ?? "")),
            StartedAt = attempt.StartedAt,
            StoppedAt = attempt.StoppedAt,
            StatusReason = attempt.StatusReason,
        })],
    };

    private static ServiceResourceId Resource(Job job, string task) =>
        new() { Name = ServiceResourceIdName.TrainingJobArn, Value = job.Plan.Arns.TrainingJob($"AWSBatch-{task}") };
}

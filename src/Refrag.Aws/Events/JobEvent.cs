using Refrag.Aws.Batch;

namespace Refrag.Aws.Events;

/// <summary>Something that happened to a job.</summary>
public abstract record JobEvent : BatchEvent
{
    private protected JobEvent()
    {
    }

    /// <summary>The job that it happened to, as DescribeJobs shows it just then.</summary>
    public required JobDetail Job { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Resources => [Job.JobArn ?? ""];
}

/// <summary>A job, an array's parent or child, has a new status. (UG batch_job_events)</summary>
public sealed record JobStateChanged : JobEvent
{
    /// <inheritdoc/>
    public override string DetailType => "Batch Job State Change";
}

/// <summary>
/// The job at the head of a queue cannot be placed and keeps others waiting; its status reason says why. (UG
/// batch-job-queue-blocked-events)
/// </summary>
public sealed record JobQueueBlocked : JobEvent
{
    /// <inheritdoc/>
    public override string DetailType => "Batch Job Queue Blocked";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Resources => [Job.JobArn ?? "", Job.JobQueue ?? ""];
}

using Refrag.Aws.Batch;

namespace Refrag.Engine.Events;

/// <summary>Something that AWS Batch would tell EventBridge.</summary>
public abstract record BatchEvent
{
    private protected BatchEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The job that it happened to, as DescribeJobs shows it just then.</summary>
    public required JobDetail Job { get; init; }

    /// <summary>EventBridge's <c>detail-type</c>.</summary>
    public abstract string DetailType { get; }
}

/// <summary>A job, an array's parent or child, has a new status. (UG batch_job_events)</summary>
public sealed record JobStateChanged : BatchEvent
{
    /// <inheritdoc/>
    public override string DetailType => "Batch Job State Change";
}

/// <summary>The job at the head of a queue cannot be placed and keeps others waiting; its status reason says why. (UG batch-job-queue-blocked-events)</summary>
public sealed record JobQueueBlocked : BatchEvent
{
    /// <inheritdoc/>
    public override string DetailType => "Batch Job Queue Blocked";
}

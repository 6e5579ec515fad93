using Refrag.Aws.Batch;

namespace Refrag.Aws.Events;

/// <summary>A service job has a new status. (UG service-job-events)</summary>
public sealed record ServiceJobStateChanged : BatchEvent
{
    /// <summary>The job as DescribeServiceJob shows it just then, without tags and payload.</summary>
    public required DescribeServiceJobResponse Job { get; init; }

    /// <inheritdoc/>
    public override string DetailType => "Batch Service Job State Change";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Resources => [Job.JobArn ?? ""];
}

/// <summary>A service job makes room for another one. (UG batch-service-job-preemption-events)</summary>
public abstract record ServiceJobPreemption : BatchEvent
{
    private protected ServiceJobPreemption()
    {
    }

    /// <summary>The ARN of the job that makes room.</summary>
    public required string PreemptedJobArn { get; init; }

    /// <summary>Its status just then.</summary>
    public required string Status { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Resources => [PreemptedJobArn];
}

/// <summary>A service job is being stopped to make room.</summary>
public sealed record ServiceJobPreemptionStarted : ServiceJobPreemption
{
    /// <summary>Why.</summary>
    public required string StatusReason { get; init; }

    /// <inheritdoc/>
    public override string DetailType => "Batch Service Job Preemption Started";
}

/// <summary>
/// The attempt of a service job that was to make room has ended; the job waits again, or has failed where it was preempted too often.
/// </summary>
public sealed record ServiceJobPreemptionCompleted : ServiceJobPreemption
{
    /// <summary>The attempts that were preempted, this one with them.</summary>
    public required ServiceJobPreemptionSummary PreemptionSummary { get; init; }

    /// <inheritdoc/>
    public override string DetailType => "Batch Service Job Preemption Completed";
}

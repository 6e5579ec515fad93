using Refrag.Scheduling.Fitting;

namespace Refrag.Scheduling.Clusters;

/// <summary>A job that is RUNNABLE, as the scheduler sees it. Dependencies are over when it comes here.</summary>
public sealed record JobRequest
{
    /// <summary>The job's id; for a child of an array <c>id:3</c>. Unlike that of any other job in the cluster.</summary>
    public required string Id { get; init; }

    /// <summary>The name of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>
    /// When it was submitted; jobs of one queue go in this order, and those of one moment in the order in which they were added.
    /// </summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>
    /// What it needs. For a multi-node job the amount of its largest node: all nodes have one instance type. (UG mnp-node-groups)
    /// </summary>
    public required Requirement Requirement { get; init; }

    /// <summary>The share identifier on a fair-share queue; not used on another.</summary>
    public string ShareIdentifier { get; init; } = "";

    /// <summary>0 to 9999, higher first, compared only within one share.</summary>
    public int SchedulingPriority { get; init; }

    /// <summary>How long an attempt may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many attempts it may have, 1 to 10; default 1. Forecasts go by it, decisions do not.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Jobs of one kind last about as long, such as those of one name; null for all jobs of the queue.</summary>
    public string? Kind { get; init; }
}

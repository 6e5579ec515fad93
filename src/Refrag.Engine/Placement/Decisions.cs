using Refrag.Engine.Jobs;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Placement;

/// <summary>What one look at those that wait has decided.</summary>
internal sealed record Decisions
{
    /// <summary>About how many jobs start in one step of the loop at most.</summary>
    public const int MostStarts = 500;

    /// <summary>Jobs that start.</summary>
    public IReadOnlyList<Placed> Placed { get; init; } = [];

    /// <summary>Whether <see cref="MostStarts"/> was reached, so that others may start at once.</summary>
    public bool HasMore => Placed.Count >= MostStarts;

    /// <summary>Jobs that are canceled, with the reason.</summary>
    public IReadOnlyList<(string JobId, string Reason)> Canceled { get; init; } = [];

    /// <summary>Jobs whose instance is gone.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Jobs that are stopped so that others have their place, with the reason.</summary>
    public IReadOnlyList<(string JobId, string Reason)> Preempted { get; init; } = [];

    /// <summary>Jobs at the head of a queue that wait for another cause than before; null for none any more.</summary>
    public IReadOnlyList<(string JobId, BlockedCause? Cause, string? Reason)> Blocked { get; init; } = [];
}

/// <summary>A job that starts.</summary>
/// <param name="Job">The job.</param>
/// <param name="ComputeEnvironment">The name of the environment that it starts in.</param>
/// <param name="Gpus">The GPUs that are its alone.</param>
/// <param name="Note">What is to be said of it; null for nothing.</param>
internal sealed record Placed(Job Job, string ComputeEnvironment, IReadOnlyList<string> Gpus, string? Note)
{
    /// <summary>The instance of each node; empty where it runs on this machine or on Fargate.</summary>
    public IReadOnlyList<FleetInstance> Instances { get; init; } = [];

    /// <summary>Why its containers cannot be started; null if they can.</summary>
    public string? Fault { get; init; }
}

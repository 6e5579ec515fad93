
namespace Refrag.Scheduling.Queues;

/// <summary>A job queue, as it was asked for. Immutable.</summary>
public sealed record JobQueue
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Higher goes first where queues share an environment. Equal ones go by name (assumed).</summary>
    public int Priority { get; init; }

    /// <summary>Whether it takes new jobs. Those already in it are not affected. (API JobQueueDetail)</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The names of its compute environments in the order in which they are tried; 1 to 3.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>Fair share; null for first in, first out.</summary>
    public FairSharePolicy? FairShare { get; init; }

    /// <summary>What is done with a job that blocks the queue for too long.</summary>
    public IReadOnlyList<TimeLimitAction> TimeLimits { get; init; } = [];
}

/// <summary>Cancels a job that has been blocking the queue for one cause. (API JobStateTimeLimitAction)</summary>
/// <param name="Cause">The cause it acts on; one that AWS does not act on is ignored.</param>
/// <param name="After">How long the job may block: 600 to 86,400 seconds.</param>
public sealed record TimeLimitAction(BlockedCause Cause, TimeSpan After);

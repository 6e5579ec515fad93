using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Simulation;

/// <summary>The kinds of scheduled events.</summary>
internal enum ScheduledEventKind
{
    End,
    Up,
    Refusal,
    Reclaim,
    Storm,
    Environment,
    Scaling,
}

/// <summary>Something that is to happen. One struct for all kinds, so that millions of them cost no garbage.</summary>
internal readonly record struct ScheduledEvent(
    ScheduledEventKind Kind, LiveJob? Job, int Attempt, InstanceKey Instance, Injection? Injection);

/// <summary>A job during a rehearsal.</summary>
internal sealed class LiveJob(SimulatedJob job, long submittedAt)
{
    public SimulatedJob Job => job;

    public long SubmittedAt => submittedAt;

    public int Attempt { get; set; }

    public long StartedAt { get; set; } = -1;

    public long FirstStartedAt { get; set; } = -1;

    /// <summary>Whether the attempt that runs will fail.</summary>
    public bool WillFail { get; set; }
}

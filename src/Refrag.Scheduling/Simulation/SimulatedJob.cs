using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Simulation;

/// <summary>A job of a rehearsal: what is submitted, and what it does then.</summary>
/// <param name="Request">The job; submitted at its own time.</param>
/// <param name="Duration">How long an attempt runs if nothing happens to it. A shorter timeout ends it before.</param>
public sealed record SimulatedJob(JobRequest Request, TimeSpan Duration)
{
    /// <summary>How many attempts it may have, 1 to 10. Each loss of the host and each failure takes one. Default 1.</summary>
    public int Attempts { get; init; } = 1;
}

/// <summary>What happened in a rehearsal.</summary>
public enum SimulationEventKind
{
    /// <summary>A job became RUNNABLE.</summary>
    Submitted,

    /// <summary>An attempt started on its instances.</summary>
    Started,

    /// <summary>The job succeeded.</summary>
    Succeeded,

    /// <summary>The job failed: by timeout, image, or with its host, and without attempts left.</summary>
    Failed,

    /// <summary>An attempt was lost or failed, and the job waits again.</summary>
    Retried,

    /// <summary>A time limit canceled the job.</summary>
    Canceled,

    /// <summary>The head of a queue got a reason to wait, or lost it.</summary>
    Blocked,

    /// <summary>An instance was asked for.</summary>
    Launched,

    /// <summary>An instance takes jobs.</summary>
    Up,

    /// <summary>An instance could not be had.</summary>
    Refused,

    /// <summary>An idle instance was terminated.</summary>
    Terminated,

    /// <summary>A Spot instance was reclaimed.</summary>
    Reclaimed,
}

/// <summary>One thing that happened.</summary>
/// <param name="At">Milliseconds since the start.</param>
/// <param name="Kind">What.</param>
/// <param name="JobId">The job; null if it is about an instance.</param>
/// <param name="Instance">The instance; none where it is not about one, or on Fargate.</param>
/// <param name="Text">The type, the environment or the reason.</param>
public readonly record struct SimulationEvent(long At, SimulationEventKind Kind, string? JobId, InstanceKey Instance, string? Text)
{
    /// <summary>One line for a log: the same rehearsal gives the same lines.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{At} {Kind} {JobId ?? Instance.ToString()} {(JobId is null ? "" : Instance.Value)} {Text}");
}

/// <summary>What became of a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Kind">Succeeded, failed or canceled.</param>
/// <param name="SubmittedAt">Milliseconds since the start.</param>
/// <param name="StartedAt">Of the last attempt; -1 for none.</param>
/// <param name="EndedAt">Milliseconds since the start.</param>
/// <param name="Attempts">How many attempts it had.</param>
public readonly record struct JobOutcome(
    string JobId, SimulationEventKind Kind, long SubmittedAt, long StartedAt, long EndedAt, int Attempts)
{
    /// <summary>From submission to the start of the last attempt, in milliseconds; -1 where it never started.</summary>
    public long Waited => StartedAt < 0 ? -1 : StartedAt - SubmittedAt;

    /// <summary>When its first attempt started, in milliseconds since the start; -1 for none.</summary>
    public long FirstStartedAt { get; init; } = -1;
}

/// <summary>What a rehearsal came to.</summary>
public sealed record SimulationResult
{
    /// <summary>How many events there were.</summary>
    public required long Events { get; init; }

    /// <summary>How many rounds of decisions.</summary>
    public required long Rounds { get; init; }

    /// <summary>A digest of all events in order: two rehearsals with the same digest went the same way.</summary>
    public required ulong Digest { get; init; }

    /// <summary>The time of the last event.</summary>
    public required TimeSpan Ended { get; init; }

    /// <summary>The jobs that are over, in the order of their ends; none where they were handed out one by one.</summary>
    public required IReadOnlyList<JobOutcome> Outcomes { get; init; }

    /// <summary>How many jobs were neither over nor lost at the end.</summary>
    public required int Left { get; init; }
}

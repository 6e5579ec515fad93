using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Rules;
using Refrag.Engine.Jobs.Tasks;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs;

/// <summary>
/// A job as it is now. A change makes a new record; the writer loop's table holds the latest. Times are milliseconds since 1970.
/// </summary>
internal sealed record Job
{
    /// <summary>The id: plain, or <c>id:3</c> for an array's child.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the order of arrival, which is the order of starting.</summary>
    public required long Sequence { get; init; }

    /// <summary>What is to run.</summary>
    public required JobPlan Plan { get; init; }

    /// <summary>When it was submitted.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Where it is in its life.</summary>
    public JobState State { get; init; }

    /// <summary>Why it is there, where there is something to say.</summary>
    public string? StatusReason { get; init; }

    /// <summary>Since when it has been runnable.</summary>
    public long? RunnableSince { get; init; }

    /// <summary>When it was given its place for the first time.</summary>
    public long? ScheduledAt { get; init; }

    /// <summary>When an attempt after the first was given its place; null before the second.</summary>
    public long? PlacedAgainAt { get; init; }

    /// <summary>The compute environment that the current or last attempt was placed in; null before the first.</summary>
    public string? ComputeEnvironment { get; init; }

    /// <summary>When the current or last attempt began to run.</summary>
    public long? StartedAt { get; init; }

    /// <summary>When the job ended.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>The array that it is a child of.</summary>
    public string? ArrayId { get; init; }

    /// <summary>Its index in the array.</summary>
    public int? Index { get; init; }

    /// <summary>The current or last attempt, node by node; empty before the first.</summary>
    public IReadOnlyList<NodeRun> Nodes { get; init; } = [];

    /// <summary>The attempts that have ended.</summary>
    public IReadOnlyList<AttemptDetail> Attempts { get; init; } = [];

    /// <summary>How often it was stopped for another job's sake. (API ServiceJobPreemptionSummary)</summary>
    public int Preemptions { get; init; }

    /// <summary>The last of the attempts that were stopped so; they are not among <see cref="Attempts"/>.</summary>
    public IReadOnlyList<AttemptDetail> PreemptedAttempts { get; init; } = [];

    /// <summary>Why the attempt is being stopped; null if it is not.</summary>
    public StopCause? Stop { get; init; }

    /// <summary>Whether CancelJob ended it.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Whether TerminateJob ended it.</summary>
    public bool IsTerminated { get; init; }

    /// <summary>The scheduling priority, where it was changed after the submission.</summary>
    public int? Priority { get; init; }

    /// <summary>The tags, where they were changed after the submission.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Of an ended parent: how many children ended how. While it lives they are counted.</summary>
    public IReadOnlyDictionary<JobState, int>? ChildCounts { get; init; }

    /// <summary>A child of an array before anything has happened to it.</summary>
    public static Job Child(Job parent, int index) => new()
    {
        Id = JobIds.Child(parent.Id, index),
        Sequence = parent.Sequence + 1 + index,
        Plan = parent.Plan,
        CreatedAt = parent.CreatedAt,
        State = JobState.Pending,
        ArrayId = parent.Id,
        Index = index,
    };

    /// <summary>Whether it is the parent of an array, which never runs itself.</summary>
    public bool IsArrayParent => Plan.ArraySize is not null && Index is null;

    /// <summary>
    /// The ids of the jobs that must succeed first. Worked out from the plan, which an array's children share. The parent of an array waits
    /// for nothing itself.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> WaitsFor => IsArrayParent ? [] : DependencyRule.WaitsFor(Plan.DependsOn, ArrayId, Index ?? 0);

    /// <summary>When it came into the state that it is in, as far as its record says.</summary>
    [JsonIgnore]
    public long ChangedAt => StoppedAt
        ?? Math.Max(Math.Max(CreatedAt, RunnableSince ?? 0), Math.Max(PlacedAgainAt ?? ScheduledAt ?? 0, StartedAt ?? 0));

    /// <summary>The number of the current attempt, from 1.</summary>
    public int AttemptNumber => Attempts.Count + Preemptions + 1;
}

/// <summary>One node of one attempt.</summary>
internal sealed record NodeRun
{
    /// <summary>The id of the task that it would be on Batch: 32 hexadecimal digits.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its log stream.</summary>
    public required string LogStream { get; init; }

    /// <summary>When it began to run.</summary>
    public long? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>The exit code; null while it runs and where it is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the exit code does not say.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether its program ran at all.</summary>
    public bool Started { get; init; } = true;

    /// <summary>The GPUs that are the node's alone.</summary>
    public IReadOnlyList<string>? Gpus { get; init; }

    /// <summary>The instance of a simulated fleet that it runs on; null for this machine and for Fargate.</summary>
    public FleetInstance? Instance { get; init; }

    /// <summary>Whether its host went away, or the engine was away when it ended, so that how is not known.</summary>
    public bool IsLost { get; init; }

    /// <summary>
    /// The containers of a task of several that is being run; null if there is only one, or the whole is simulated. What is said above
    /// is then the task's.
    /// </summary>
    public IReadOnlyList<ContainerRun>? Containers { get; init; }

    /// <summary>The essential container whose end is the task's; null while none has ended.</summary>
    public int? Decider { get; init; }

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool HasEnded => StoppedAt is not null;

    /// <summary>Under which keys the runner knows its programs.</summary>
    [JsonIgnore]
    public IEnumerable<string> Keys =>
        Containers is null ? [TaskId] : Enumerable.Range(0, Containers.Count).Select(container => ContainerRun.Key(TaskId, container));
}

/// <summary>Why an attempt is stopped before its time. It is not retried.</summary>
/// <param name="Reason">The status reason that the job ends with.</param>
/// <param name="IsPreemption">Whether it makes room for another job, and the job is to wait again.</param>
internal sealed record StopCause(string Reason, bool IsPreemption = false);

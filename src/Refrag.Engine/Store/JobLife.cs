using System.Text.Json;
using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Store;

/// <summary>The part of a job that changes while it lives, as it is stored. What was asked is stored beside it, once.</summary>
internal sealed record JobLife
{
    public string? StatusReason { get; init; }

    public long? RunnableSince { get; init; }

    public long? ScheduledAt { get; init; }

    public long? PlacedAgainAt { get; init; }

    public long? StartedAt { get; init; }

    public long? StoppedAt { get; init; }

    public string? ComputeEnvironment { get; init; }

    public IReadOnlyList<NodeRun>? Nodes { get; init; }

    public IReadOnlyList<AttemptDetail>? Attempts { get; init; }

    public string? Stop { get; init; }

    public bool? IsPreemption { get; init; }

    public int? Preemptions { get; init; }

    public IReadOnlyList<AttemptDetail>? PreemptedAttempts { get; init; }

    public bool IsCancelled { get; init; }

    public bool IsTerminated { get; init; }

    public int? Priority { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public IReadOnlyDictionary<string, int>? Children { get; init; }

    /// <summary>
    /// Whether a record need not be written because the array's parent implies it: a child that has not started and has no reason.
    /// That makes an array of 10,000 one row.
    /// </summary>
    public static bool IsImplied(Job job) =>
        job.ArrayId is not null && job.State.IsBeforeStart() && job is { Attempts.Count: 0, StatusReason: null, Nodes.Count: 0 };

    public static JobLife Of(Job job) => new()
    {
        StatusReason = job.StatusReason,
        RunnableSince = job.RunnableSince,
        ScheduledAt = job.ScheduledAt,
        PlacedAgainAt = job.PlacedAgainAt,
        StartedAt = job.StartedAt,
        StoppedAt = job.StoppedAt,
        ComputeEnvironment = job.ComputeEnvironment,
        Nodes = job.Nodes.Count > 0 ? job.Nodes : null,
        Attempts = job.Attempts.Count > 0 ? job.Attempts : null,
        Stop = job.Stop?.Reason,
        IsPreemption = job.Stop is { IsPreemption: true } ? true : null,
        Preemptions = job.Preemptions > 0 ? job.Preemptions : null,
        PreemptedAttempts = job.PreemptedAttempts.Count > 0 ? job.PreemptedAttempts : null,
        IsCancelled = job.IsCancelled,
        IsTerminated = job.IsTerminated,
        Priority = job.Priority,
        Tags = job.Tags,
        Children = job.ChildCounts?.ToDictionary(pair => pair.Key.ToStatus(), pair => pair.Value),
    };

    /// <summary>The job with this life.</summary>
    public Job Apply(Job job, JobState state) => job with
    {
        State = state,
        StatusReason = StatusReason,
        RunnableSince = RunnableSince,
        ScheduledAt = ScheduledAt,
        PlacedAgainAt = PlacedAgainAt,
        StartedAt = StartedAt,
        StoppedAt = StoppedAt,
        ComputeEnvironment = ComputeEnvironment,
        Nodes = Nodes ?? [],
        Attempts = Attempts ?? [],
        Stop = Stop is { } reason ? new StopCause(reason, IsPreemption ?? false) : null,
        Preemptions = Preemptions ?? 0,
        PreemptedAttempts = PreemptedAttempts ?? [],
        IsCancelled = IsCancelled,
        IsTerminated = IsTerminated,
        Priority = Priority,
        Tags = Tags,
        ChildCounts = Children?.ToDictionary(pair => JobStateExtensions.Parse(pair.Key), pair => pair.Value),
    };
}

/// <summary>How lives are written and read, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobLife))]
[JsonSerializable(typeof(StoredLine))]
[JsonSerializable(typeof(LockHolder))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class StateJson : JsonSerializerContext;

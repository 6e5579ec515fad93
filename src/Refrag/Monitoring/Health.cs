using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>Whether something can do its work.</summary>
public enum HealthLevel
{
    /// <summary>It can.</summary>
    Good,

    /// <summary>It changes, or works with less than it should.</summary>
    Doubtful,

    /// <summary>It cannot.</summary>
    Bad,
}

/// <summary>A verdict on a queue or an environment, with its reason.</summary>
/// <param name="Level">How it is.</param>
/// <param name="Reason">Why, in a few words; never empty.</param>
public sealed record Health(HealthLevel Level, string Reason)
{
    /// <summary>One word for tables: <c>ok</c>, <c>unsure</c>, <c>broken</c>.</summary>
    public string Word => Level switch { HealthLevel.Good => "ok", HealthLevel.Doubtful => "unsure", _ => "broken" };

    /// <summary>Whether AWS has a newer machine image for an environment than its hosts start from; Batch does not update one by
    /// itself.</summary>
    public static bool HasOlderImage(ComputeEnvironmentDetail environment) =>
        environment.ComputeResources?.Ec2Configuration?.Any(c => c.BatchImageStatus == "UPDATE_AVAILABLE") == true;

    /// <summary>The verdict on a compute environment.</summary>
    public static Health Of(ComputeEnvironmentDetail environment) => environment switch
    {
        { Status: CEStatus.Invalid } => new(HealthLevel.Bad, $"INVALID: {environment.StatusReason ?? "no reason given"}"),
        { Status: CEStatus.Deleting or CEStatus.Deleted } => new(HealthLevel.Bad, $"{environment.Status}: it starts nothing any more"),
        { State: CEState.Disabled } => new(HealthLevel.Bad, "DISABLED: it starts no jobs and scales in"),
        { ComputeResources.MaxvCpus: 0 } => new(HealthLevel.Bad, "its maximum is 0 vCPUs"),
        { Status: CEStatus.Creating or CEStatus.Updating } => new(HealthLevel.Doubtful, $"{environment.Status}: wait until it is VALID"),
        { ComputeResources: { } r } when r.DesiredvCpus >= r.MaxvCpus =>
            new(HealthLevel.Doubtful, $"full: {r.DesiredvCpus} of {r.MaxvCpus} vCPUs"),
        _ when HasOlderImage(environment) => new(HealthLevel.Good, "healthy; a newer machine image is available (UPDATE_AVAILABLE)"),
        _ => new(HealthLevel.Good, environment.StatusReason is { Length: > 0 } reason ? reason : "healthy"),
    };

    /// <summary>The verdict on a queue with its jobs: a head that Batch calls blocked holds up what is behind it.</summary>
    public static Health Of(QueueStatus queue)
    {
        Health health = Of(queue.Queue, queue.Environments);
        return health.Level != HealthLevel.Bad && queue.BlockedHead is { } head
            ? new(HealthLevel.Doubtful, $"its head, {head.JobName} ({head.JobId}), is blocked: {head.StatusReason}")
            : health;
    }

    /// <summary>The verdict on a queue: its own state, then that of its environments.</summary>
    public static Health Of(JobQueueDetail queue, IReadOnlyList<QueueEnvironment> environments)
    {
        if (queue.Status is JQStatus.Invalid or JQStatus.Deleting or JQStatus.Deleted)
            return new(HealthLevel.Bad, $"{queue.Status}: {queue.StatusReason ?? "no reason given"}");
        if (queue.State == JQState.Disabled) return new(HealthLevel.Bad, "DISABLED: it takes no jobs");
        if (environments.Count == 0)
            return queue.ServiceEnvironmentOrder is { Count: > 0 }
                ? new(HealthLevel.Good, "service environments")
                : new(HealthLevel.Bad, "no compute environment");
        Health[] all = [.. environments.Select(
            e => e.Detail is { } detail ? Of(detail) : new Health(HealthLevel.Bad, "does not exist any more"))];
        int bad = all.Count(h => h.Level == HealthLevel.Bad);
        int first = Array.FindIndex(all, h => h.Level == HealthLevel.Bad);
        if (bad == all.Length) return new(HealthLevel.Bad, $"{environments[0].Name}: {all[0].Reason}");
        if (bad > 0) return new(HealthLevel.Doubtful, $"{environments[first].Name}: {all[first].Reason}");
        return all.All(h => h.Level == HealthLevel.Doubtful) ? new(HealthLevel.Doubtful, all[0].Reason) : new(HealthLevel.Good, "healthy");
    }
}

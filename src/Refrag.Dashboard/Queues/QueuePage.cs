using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Problems;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Queues;

/// <summary>Queues and fleets at one moment. Times are milliseconds since 1970, in UTC.</summary>
internal sealed record QueuePage
{
    /// <summary>One more than that of the page before it.</summary>
    public required long Sequence { get; init; }

    /// <summary>The moment; null before anything was read.</summary>
    public long? At { get; init; }

    /// <summary>The queues.</summary>
    public IReadOnlyList<QueueCard> Queues { get; init; } = [];

    /// <summary>The instances; null if the server does not show its fleets, as AWS.</summary>
    public IReadOnlyList<InstanceBox>? Instances { get; init; }

    /// <summary>Why it cannot be read; null if it can.</summary>
    public PageProblem? Problem { get; init; }
}

/// <summary>A queue.</summary>
internal sealed record QueueCard
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>ENABLED</c> or <c>DISABLED</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Its priority among queues that share environments.</summary>
    public int? Priority { get; init; }

    /// <summary>The scheduling policy; null for a FIFO queue.</summary>
    public string? Policy { get; init; }

    /// <summary>How many jobs are in each state that has not ended.</summary>
    public required IReadOnlyDictionary<string, int> Jobs { get; init; }

    /// <summary>The job that waits longest.</summary>
    public HeadJob? Oldest { get; init; }

    /// <summary>The jobs at the front, in the order of dispatch; null if the server does not say.</summary>
    public IReadOnlyList<HeadJob>? Order { get; init; }

    /// <summary>vCPUs that its environments have now.</summary>
    public required int Used { get; init; }

    /// <summary>vCPUs that they may have.</summary>
    public required int Most { get; init; }

    /// <summary>The environments in the order in which they are tried.</summary>
    public required IReadOnlyList<EnvironmentCard> Environments { get; init; }

    /// <summary>Depth since the page is open: times, waiting and running jobs, one list each.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Depth { get; init; }

    public static QueueCard Of(QueueStatus queue, IReadOnlyList<HeadJob>? order, IReadOnlyList<IReadOnlyList<long>> depth)
    {
        Health health = Monitoring.Health.Of(queue);
        return new QueueCard
        {
            Name = queue.Queue.JobQueueName,
            State = queue.Queue.State,
            Health = health.Word,
            Reason = health.Reason,
            Priority = queue.Queue.Priority,
            Policy = AwsNames.Short(queue.Queue.SchedulingPolicyArn) is { Length: > 0 } policy ? policy : null,
            Jobs = queue.Jobs,
            Oldest = queue.OldestWaiting is { } oldest
                ? new HeadJob(oldest.JobId, oldest.JobName, oldest.CreatedAt, oldest.StatusReason)
                : null,
            Order = order,
            Used = queue.UsedVCpus,
            Most = queue.MostVCpus,
            Environments = [.. queue.Environments.Select(EnvironmentCard.Of)],
            Depth = depth,
        };
    }
}

/// <summary>A job that waits.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; null if it is not known.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why, in Batch's words; null if it says nothing.</param>
internal sealed record HeadJob(string Id, string? Name, long? Since, string? Reason);

/// <summary>A compute environment of a queue.</summary>
internal sealed record EnvironmentCard
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>How it buys instances: <c>SPOT</c>, <c>EC2</c> and the like.</summary>
    public string? Type { get; init; }

    /// <summary>vCPUs that it has or wants now; null if Batch does not count them.</summary>
    public int? Desired { get; init; }

    /// <summary>vCPUs that it keeps.</summary>
    public int? Least { get; init; }

    /// <summary>vCPUs that it may have.</summary>
    public int? Most { get; init; }

    /// <summary>The instance types.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    public static EnvironmentCard Of(QueueEnvironment environment)
    {
        Health? health = environment.Detail is { } detail ? Monitoring.Health.Of(detail) : null;
        ComputeResource? resources = environment.Detail?.ComputeResources;
        return new EnvironmentCard
        {
            Name = environment.Name,
            Health = health?.Word ?? "broken",
            Reason = health?.Reason ?? "it does not exist any more",
            Type = resources?.Type ?? environment.Detail?.Type,
            Desired = resources?.DesiredvCpus,
            Least = resources?.MinvCpus,
            Most = resources?.MaxvCpus ?? environment.Detail?.UnmanagedvCpus,
            Types = resources?.InstanceTypes ?? [],
        };
    }
}

/// <summary>An instance with the jobs on it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Environment">Its compute environment.</param>
/// <param name="Type">Its type.</param>
/// <param name="Zone">Its zone.</param>
/// <param name="Spot">Whether it is bought on the Spot market.</param>
/// <param name="Starting">Whether it takes no jobs yet.</param>
/// <param name="Vcpus">Its vCPUs; null if the type is not known.</param>
/// <param name="Gpus">Its GPUs.</param>
/// <param name="Jobs">The jobs.</param>
internal sealed record InstanceBox(
    string Id, string Environment, string Type, string Zone, bool Spot, bool Starting, int? Vcpus, int Gpus, IReadOnlyList<BoxJob> Jobs);

/// <summary>A job on an instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="MilliVcpus">vCPUs that it has, in thousandths; null if that is not known.</param>
/// <param name="Gpus">GPUs that it has.</param>
internal sealed record BoxJob(string Id, string? Name, int? MilliVcpus, int Gpus);

/// <summary>Something that the page lets go wrong with the fleets of a rehearsal.</summary>
internal sealed record RehearsalEvent
{
    /// <summary>Which kind: <c>spot_reclaim</c>, <c>insufficient_capacity</c>, <c>slow_start</c> or <c>image_fault</c>.</summary>
    public string? What { get; init; }

    /// <summary>The compute environment; null for all.</summary>
    public string? Environment { get; init; }

    /// <summary>The instance type, perhaps with <c>*</c>.</summary>
    public string? Type { get; init; }

    /// <summary>For how long, such as <c>10m</c>.</summary>
    public string? Until { get; init; }

    /// <summary>How much longer instances take to start.</summary>
    public string? Extra { get; init; }

    /// <summary>Which part of the Spot instances is reclaimed, above 0 to 1.</summary>
    public double? Part { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueuePage))]
[JsonSerializable(typeof(RehearsalEvent))]
internal sealed partial class QueueJson : JsonSerializerContext;

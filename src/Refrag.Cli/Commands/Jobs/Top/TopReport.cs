using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs.Top;

/// <summary>The object of <c>refrag top --json</c>: queues, environments and jobs at one moment.</summary>
internal sealed record TopReport
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The region; <c>this machine</c> for runs of env=local.</summary>
    public required string Region { get; init; }

    /// <summary>The queues.</summary>
    public required IReadOnlyList<TopQueue> Queues { get; init; }

    /// <summary>The compute environments of the queues, each once.</summary>
    public required IReadOnlyList<TopEnvironment> Environments { get; init; }

    /// <summary>The jobs that have not ended, running ones first, with the members of <c>refrag jobs --json</c>.</summary>
    public required IReadOnlyList<JobLine> Jobs { get; init; }

    /// <summary>Whether all jobs that have not ended are there; else the numbers of jobs are lower bounds.</summary>
    public required bool Complete { get; init; }

    public static TopReport Of(Activity activity, string region) => new()
    {
        At = activity.At,
        Region = region,
        Queues = [.. activity.Queues.Select(TopQueue.Of)],
        Environments = [.. activity.Environments.Select(TopEnvironment.Of)],
        Jobs = [.. activity.Jobs.Select(JobLine.Of)],
        Complete = !activity.IsCut,
    };
}

/// <summary>A queue in <c>refrag top --json</c>.</summary>
internal sealed record TopQueue
{
    /// <summary>The queue's name.</summary>
    public required string JobQueue { get; init; }

    /// <summary><c>ENABLED</c> or <c>DISABLED</c>.</summary>
    public string? State { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary>How many jobs are in each state; states of ended jobs are left out.</summary>
    public required IReadOnlyDictionary<string, int> Jobs { get; init; }

    /// <summary>When the job that has waited longest was submitted; left out if none waits.</summary>
    public DateTimeOffset? OldestWaitingCreatedAt { get; init; }

    public static TopQueue Of(QueueStatus queue)
    {
        Health health = Monitoring.Health.Of(queue);
        return new TopQueue
        {
            JobQueue = queue.Queue.JobQueueName,
            State = JsonOutput.Text(queue.Queue.State),
            Health = health.Word,
            Reason = health.Reason,
            Jobs = queue.Jobs,
            OldestWaitingCreatedAt = JsonOutput.Time(queue.OldestWaiting?.CreatedAt),
        };
    }
}

/// <summary>A compute environment in <c>refrag top --json</c>.</summary>
internal sealed record TopEnvironment
{
    /// <summary>The environment's name.</summary>
    public required string ComputeEnvironment { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>; left out if it does not exist any more.</summary>
    public string? Health { get; init; }

    /// <summary>The vCPUs that it wants now; left out if Batch does not count them.</summary>
    public int? VcpusDesired { get; init; }

    /// <summary>The most vCPUs that it may have; left out if that is not known.</summary>
    public int? VcpusMax { get; init; }

    public static TopEnvironment Of(QueueEnvironment environment)
    {
        ComputeResource? resources = environment.Detail?.ComputeResources;
        return new TopEnvironment
        {
            ComputeEnvironment = environment.Name,
            Health = environment.Detail is { } detail ? Monitoring.Health.Of(detail).Word : null,
            VcpusDesired = resources?.DesiredvCpus,
            VcpusMax = resources?.MaxvCpus ?? environment.Detail?.UnmanagedvCpus,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(TopReport))]
internal sealed partial class TopJson : JsonSerializerContext;

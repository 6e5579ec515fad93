using System.Text.Json.Serialization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>A line of <c>refrag queues --json</c>: one job queue.</summary>
internal sealed record QueueLine
{
    /// <summary>The queue's name.</summary>
    public required string JobQueue { get; init; }

    /// <summary><c>ENABLED</c> or <c>DISABLED</c>.</summary>
    public required string State { get; init; }

    /// <summary>The queue's status, as AWS names it: <c>VALID</c>.</summary>
    public string? Status { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary>The queue's priority among those that share environments; the higher is served first.</summary>
    public int? Priority { get; init; }

    /// <summary>How many jobs are in each state; states of ended jobs are left out.</summary>
    public required IReadOnlyDictionary<string, int> Jobs { get; init; }

    /// <summary>The job that has waited longest; left out if none waits.</summary>
    public string? OldestWaitingJobId { get; init; }

    /// <summary>When that job was submitted; left out if none waits.</summary>
    public DateTimeOffset? OldestWaitingCreatedAt { get; init; }

    /// <summary>The vCPUs that its environments have now.</summary>
    public required int VcpusUsed { get; init; }

    /// <summary>The most vCPUs that its environments may have.</summary>
    public required int VcpusMax { get; init; }

    /// <summary>The compute environments, in the order in which they are tried.</summary>
    public required IReadOnlyList<string> ComputeEnvironments { get; init; }

    /// <summary>The scheduling policy; left out for a FIFO queue.</summary>
    public string? SchedulingPolicy { get; init; }

    public static QueueLine Of(QueueStatus queue)
    {
        Health health = Monitoring.Health.Of(queue);
        return new QueueLine
        {
            JobQueue = queue.Queue.JobQueueName,
            State = queue.Queue.State,
            Status = JsonOutput.Text(queue.Queue.Status),
            Health = health.Word,
            Reason = health.Reason,
            Priority = queue.Queue.Priority,
            Jobs = queue.Jobs,
            OldestWaitingJobId = JsonOutput.Text(queue.OldestWaiting?.JobId),
            OldestWaitingCreatedAt = JsonOutput.Time(queue.OldestWaiting?.CreatedAt),
            VcpusUsed = queue.UsedVCpus,
            VcpusMax = queue.MostVCpus,
            ComputeEnvironments = [.. queue.Environments.Select(e => e.Name)],
            SchedulingPolicy = JsonOutput.Text(AwsNames.Short(queue.Queue.SchedulingPolicyArn)),
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(QueueLine))]
[JsonSerializable(typeof(OfferLine))]
[JsonSerializable(typeof(EnvironmentLine))]
[JsonSerializable(typeof(EnvironmentHealth))]
[JsonSerializable(typeof(DiagnosisReport))]
[JsonSerializable(typeof(FitReport))]
[JsonSerializable(typeof(FitProposal))]
internal sealed partial class DiagnoseJson : JsonSerializerContext;

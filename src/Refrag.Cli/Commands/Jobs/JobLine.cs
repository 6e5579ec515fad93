using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>A line of <c>refrag jobs --json</c>: one job.</summary>
internal sealed record JobLine
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The name of the queue it was submitted to.</summary>
    public required string JobQueue { get; init; }

    /// <summary>The job's state, as AWS names it: <c>RUNNING</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is in this state, in Batch's words.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The share identifier; left out if the queue has no scheduling policy.</summary>
    public string? ShareIdentifier { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its newest attempt started; left out if none has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; left out if it has not.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The exit code of its newest attempt; left out if there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How many children an array job has; left out for other jobs.</summary>
    public int? ArraySize { get; init; }

    /// <summary>How many nodes a multi-node job has; left out for other jobs.</summary>
    public int? Nodes { get; init; }

    /// <summary>The job definition, with its revision.</summary>
    public string? JobDefinition { get; init; }

    public static JobLine Of(ListedJob listed)
    {
        JobSummary job = listed.Summary;
        return new JobLine
        {
            JobId = job.JobId,
            JobName = job.JobName,
            JobQueue = listed.Queue,
            Status = job.Status ?? "",
            StatusReason = JsonOutput.Text(job.StatusReason),
            ShareIdentifier = JsonOutput.Text(job.ShareIdentifier),
            CreatedAt = JsonOutput.Time(job.CreatedAt),
            StartedAt = JsonOutput.Time(job.StartedAt),
            StoppedAt = JsonOutput.Time(job.StoppedAt),
            ExitCode = job.Container?.ExitCode,
            ArraySize = job.ArrayProperties?.Size,
            Nodes = job.NodeProperties?.NumNodes,
            JobDefinition = JsonOutput.Text(AwsNames.Short(job.JobDefinition)),
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(JobLine))]
[JsonSerializable(typeof(JobDescription))]
[JsonSerializable(typeof(PrintedLine))]
[JsonSerializable(typeof(EndedJob))]
[JsonSerializable(typeof(RepeatedJob))]
[JsonSerializable(typeof(StoredFileLine))]
[JsonSerializable(typeof(PulledResults))]
[JsonSerializable(typeof(SweepJobLine))]
internal sealed partial class JobsJson : JsonSerializerContext;

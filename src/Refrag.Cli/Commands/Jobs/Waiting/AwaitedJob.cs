using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Jobs.Waiting;

/// <summary>A line of <c>refrag wait --json</c>: a job that has ended. They come in the order of their ends.</summary>
internal sealed record AwaitedJob
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The state in which it ended.</summary>
    public required string Status { get; init; }

    /// <summary>Why it ended, in Batch's words.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The id of the job that it succeeds, which was moved; left out if it succeeds none.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The exit code that <c>refrag run --watch</c> would have returned for it.</summary>
    public required int ExitCode { get; init; }

    public static AwaitedJob Of(JobDetail job, string? retryOf, int exitCode) => new()
    {
        JobId = job.JobId,
        JobName = job.JobName,
        Status = job.Status,
        StatusReason = JsonOutput.Text(job.StatusReason),
        RetryOf = retryOf,
        ExitCode = exitCode,
    };

    public string ToJson() => JsonOutput.Line(this, AwaitedJobJson.Default.AwaitedJob);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AwaitedJob))]
internal sealed partial class AwaitedJobJson : JsonSerializerContext;

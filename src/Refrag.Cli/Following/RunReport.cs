using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Launching;

namespace Refrag.Cli.Following;

/// <summary>
/// A line of <c>refrag run --json</c> and the object of <c>refrag submit --json</c>: a job that was submitted, and how it ended if it was
/// followed.
/// </summary>
internal sealed record RunReport
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The queue that it was submitted to.</summary>
    public required string JobQueue { get; init; }

    /// <summary>The job definition that it was submitted with.</summary>
    public required string JobDefinition { get; init; }

    /// <summary>The region that it is in; left out if <c>env.regions</c> names none.</summary>
    public string? Region { get; init; }

    /// <summary>Why this queue and this definition were chosen; left out by <c>refrag submit</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of the job that it succeeds, which has lost its hosts; left out if it succeeds none.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The tag by which the submission is found again if its answer is lost.</summary>
    public string? SubmissionId { get; init; }

    /// <summary>Which jobs of the sweep it is: <c>0-9999</c>; left out if there is no sweep.</summary>
    public string? Jobs { get; init; }

    /// <summary>The path of the sweep's manifest; left out if there is no sweep.</summary>
    public string? Manifest { get; init; }

    /// <summary>The state in which it ended; left out if it was not followed.</summary>
    public string? Status { get; init; }

    /// <summary>Why it ended, in Batch's words; left out if it was not followed.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The exit code with which refrag ends for it; left out if it was not followed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The report of a job that was submitted as planned.</summary>
    public static RunReport Of(LaunchPlan plan, string jobId) => new()
    {
        JobId = jobId,
        JobName = plan.Submit.JobName,
        JobQueue = plan.Target.Queue,
        JobDefinition = plan.Submit.JobDefinition,
        Reason = plan.Target.Reason,
        SubmissionId = plan.Id.Value,
    };

    /// <summary>The report with the job's end.</summary>
    public RunReport Ended(JobDetail end, int exitCode) =>
        this with { Status = end.Status, StatusReason = end.StatusReason, ExitCode = exitCode };

    public string ToJson() => JsonOutput.Line(this, RunReportJson.Default.RunReport);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportJson : JsonSerializerContext;

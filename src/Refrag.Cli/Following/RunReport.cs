using System.Text;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Cli.Following;

/// <summary>
/// The JSON of <c>refrag run --json</c> and <c>refrag submit --json</c>: one object a job, one job a line. Members: <c>jobId</c>,
/// <c>jobName</c>, <c>jobQueue</c>, <c>jobDefinition</c>, <c>reason</c>, <c>submissionId</c>; of a sweep's submission <c>jobs</c> (which of
/// the sweep it is) and
/// <c>manifest</c>; and, of a job that was followed, <c>status</c>, <c>statusReason</c> and <c>exitCode</c>.
/// </summary>
internal sealed record RunReport
{
    public required string JobId { get; init; }

    public required string JobName { get; init; }

    public required string JobQueue { get; init; }

    public required string JobDefinition { get; init; }

    public string? Reason { get; init; }

    public string? SubmissionId { get; init; }

    /// <summary>The jobs of a sweep that it is, as <c>0-9999</c>; null outside a sweep.</summary>
    public string? Jobs { get; init; }

    /// <summary>The sweep's manifest; null outside a sweep.</summary>
    public string? Manifest { get; init; }

    /// <summary>The job as it ended; null if it was not followed.</summary>
    public JobDetail? End { get; init; }

    /// <summary>The exit code, where the job was followed.</summary>
    public int ExitCode { get; init; }

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

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("jobId", JobId);
            json.WriteString("jobName", JobName);
            json.WriteString("jobQueue", JobQueue);
            json.WriteString("jobDefinition", JobDefinition);
            if (Reason is not null) json.WriteString("reason", Reason);
            if (SubmissionId is not null) json.WriteString("submissionId", SubmissionId);
            if (Jobs is not null) json.WriteString("jobs", Jobs);
            if (Manifest is not null) json.WriteString("manifest", Manifest);
            if (End is not null)
            {
                json.WriteString("status", End.Status);
                if (End.StatusReason is not null) json.WriteString("statusReason", End.StatusReason);
                json.WriteNumber("exitCode", ExitCode);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}

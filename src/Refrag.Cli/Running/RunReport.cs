using System.Text;
using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Cli.Running;

/// <summary>
/// The JSON of <c>refrag run --json</c> and <c>refrag submit --json</c>: one object a job, one job a line. Members: <c>jobId</c>,
/// <c>jobName</c>, <c>jobQueue</c>, <c>jobDefinition</c>, <c>reason</c>, <c>submissionId</c>, and, of a job that was followed,
/// <c>status</c>, <c>statusReason</c> and <c>exitCode</c>.
/// </summary>
internal sealed record RunReport
{
    public required string JobId { get; init; }

    public required string JobName { get; init; }

    public required string JobQueue { get; init; }

    public required string JobDefinition { get; init; }

    public string? Reason { get; init; }

    public string? SubmissionId { get; init; }

    /// <summary>The job as it ended; null where it was not followed.</summary>
    public JobDetail? End { get; init; }

    /// <summary>The exit code, where the job was followed.</summary>
    public int ExitCode { get; init; }

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

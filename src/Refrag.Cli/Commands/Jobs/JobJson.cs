using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>Jobs as JSON.</summary>
internal static class JobJson
{
    public static string Of(ListedJob listed) => JsonOutput.Object(json =>
    {
        JobSummary job = listed.Summary;
        json.WriteString("jobId", job.JobId);
        json.WriteString("jobName", job.JobName);
        json.WriteString("jobQueue", listed.Queue);
        json.WriteString("status", job.Status);
        json.Text("statusReason", job.StatusReason);
        json.Text("shareIdentifier", job.ShareIdentifier);
        json.Time("createdAt", job.CreatedAt);
        json.Time("startedAt", job.StartedAt);
        json.Time("stoppedAt", job.StoppedAt);
        json.Number("exitCode", job.Container?.ExitCode);
        json.Number("arraySize", job.ArrayProperties?.Size);
        json.Number("nodes", job.NodeProperties?.NumNodes);
        json.Text("jobDefinition", AwsNames.Short(job.JobDefinition));
    });

    public static string Of(JobDetail job, string? log, Action<Utf8JsonWriter> more) => JsonOutput.Object(json =>
    {
        json.WriteString("jobId", job.JobId);
        json.WriteString("jobName", job.JobName);
        json.WriteString("jobQueue", AwsNames.Short(job.JobQueue));
        json.WriteString("status", job.Status);
        json.Text("statusReason", job.StatusReason);
        json.WriteString("jobDefinition", AwsNames.Short(job.JobDefinition));
        json.Time("createdAt", job.CreatedAt);
        json.Time("startedAt", job.StartedAt);
        json.Time("stoppedAt", job.StoppedAt);
        json.Text("shareIdentifier", job.ShareIdentifier);
        Needs(json, job);
        json.Text("image", job.Container?.Image);
        json.List("command", job.Container?.Command);
        json.Number("exitCode", job.Container?.ExitCode);
        if (job.ArrayProperties?.Size is { } size and > 0)
        {
            json.WriteNumber("arraySize", size);
            json.Counts("children", job.ArrayProperties.StatusSummary);
        }
        json.Number("nodes", job.NodeProperties?.NumNodes);
        Attempts(json, job);
        json.List("dependsOn", (job.DependsOn ?? []).Select(d => d.JobId ?? d.Type ?? ""));
        json.Map("tags", job.Tags);
        json.Text("logStream", log);
        more(json);
    });

    private static void Needs(Utf8JsonWriter json, JobDetail job)
    {
        Scheduling.Fitting.Requirement needs = JobNeeds.Of(job);
        json.WriteStartObject("resources");
        json.WriteNumber("vcpus", needs.Amount.VCpus.Value);
        json.WriteNumber("memoryMiB", needs.Amount.MemoryMiB);
        json.WriteNumber("gpus", needs.Amount.Gpus);
        json.WriteEndObject();
    }

    private static void Attempts(Utf8JsonWriter json, JobDetail job)
    {
        json.WriteStartArray("attempts");
        foreach (AttemptDetail attempt in job.Attempts ?? [])
        {
            json.WriteStartObject();
            json.Time("startedAt", attempt.StartedAt);
            json.Time("stoppedAt", attempt.StoppedAt);
            json.Number("exitCode", attempt.Container?.ExitCode);
            json.Text("reason", attempt.Container?.Reason);
            json.Text("statusReason", attempt.StatusReason);
            json.Text("logStream", attempt.Container?.LogStreamName);
            json.Text("containerInstance", attempt.Container?.ContainerInstanceArn);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

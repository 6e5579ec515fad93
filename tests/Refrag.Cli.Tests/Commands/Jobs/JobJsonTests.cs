using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Monitoring;

namespace Refrag.Cli.Tests.Commands.Jobs;

/// <summary>The members that docs/guides/see.md names, in its order; what is not known is left out.</summary>
public sealed class JobJsonTests
{
    private const string Arn = "arn:aws:batch:us-east-1:123456789012:";
    private const long Noon = 1_786_363_200_000;

    [Fact]
    public void Of_ListedJobWithEverything_HasTheDocumentedMembers() => Assert.Equal(
        ["jobId", "jobName", "jobQueue", "status", "statusReason", "shareIdentifier", "createdAt", "startedAt", "stoppedAt", "exitCode",
            "arraySize", "nodes", "jobDefinition"],
        Members(Json(new ListedJob("cpu", new JobSummary
        {
            JobId = "id",
            JobName = "train",
            Status = "FAILED",
            StatusReason = "exited",
            ShareIdentifier = "teamA",
            CreatedAt = Noon,
            StartedAt = Noon,
            StoppedAt = Noon,
            Container = new ContainerSummary { ExitCode = 1 },
            ArrayProperties = new ArrayPropertiesSummary { Size = 3 },
            NodeProperties = new NodePropertiesSummary { NumNodes = 2 },
            JobDefinition = Arn + "job-definition/def:3",
        }))));

    [Fact]
    public void Of_ListedJobThatWaits_LeavesOutWhatIsNotKnown() => Assert.Equal(
        """{"jobId":"id","jobName":"train","jobQueue":"cpu","status":"RUNNABLE","createdAt":"2026-08-10T12:00:00.000Z"}""",
        Json(new ListedJob("cpu", new JobSummary
        {
            JobId = "id",
            JobName = "train",
            Status = "RUNNABLE",
            StatusReason = "",
            CreatedAt = Noon,
            StartedAt = 0,
        })));

    [Fact]
    public void Of_Job_HasTheDocumentedMembersAndMore()
    {
        string json = Json(Job() with
        {
            StatusReason = "exited",
            ShareIdentifier = "teamA",
            StartedAt = Noon,
            StoppedAt = Noon,
            ArrayProperties = new ArrayPropertiesDetail { Size = 2, StatusSummary = new Dictionary<string, int> { ["FAILED"] = 2 } },
            NodeProperties = new NodeProperties { NumNodes = 2, MainNode = 0, NodeRangeProperties = [] },
        }, "train/default/1", new RecordedCost { MeasuredUsd = 1, Sources = ["a price"] });

        Assert.Equal(
            ["jobId", "jobName", "jobQueue", "status", "statusReason", "jobDefinition", "createdAt", "startedAt", "stoppedAt",
                "shareIdentifier", "resources", "image", "command", "exitCode", "arraySize", "children", "nodes", "attempts", "dependsOn",
                "tags", "logStream", "costUsd", "costBasis", "costAssumes"],
            Members(json));
    }

    [Fact]
    public void Of_JobThatCostAlmostNothing_HasThatCost() => Assert.Contains(
        "\"costUsd\":0.0000004,", Json(Job(), null, new RecordedCost { MeasuredUsd = 0.0000004m }), StringComparison.Ordinal);

    [Fact]
    public void Of_Job_HasNamesInsteadOfArnsAndItsAttempts()
    {
        using JsonDocument json = JsonDocument.Parse(Json(Job(), null, null));
        JsonElement job = json.RootElement;

        Assert.Equal("cpu", job.GetProperty("jobQueue").GetString());
        Assert.Equal("def:3", job.GetProperty("jobDefinition").GetString());
        Assert.Equal("""{"vcpus":2,"memoryMiB":3000,"gpus":1}""", job.GetProperty("resources").GetRawText());
        Assert.Equal("""["python","train.py"]""", job.GetProperty("command").GetRawText());
        Assert.Equal("""["other","N_TO_N"]""", job.GetProperty("dependsOn").GetRawText());
        Assert.Equal("""{"user":"ada"}""", job.GetProperty("tags").GetRawText());
        Assert.Equal(
            """
            [{"startedAt":"2026-08-10T12:00:00.000Z","exitCode":137,"reason":"OutOfMemoryError","logStream":"train/default/1"}]
            """,
            job.GetProperty("attempts").GetRawText());
        Assert.False(job.TryGetProperty("logStream", out _));
    }

    private static JobDetail Job() => new()
    {
        JobId = "id",
        JobName = "train",
        JobQueue = Arn + "job-queue/cpu",
        JobDefinition = Arn + "job-definition/def:3",
        Status = "FAILED",
        CreatedAt = Noon,
        Container = new ContainerDetail
        {
            Image = "image",
            Command = ["python", "train.py"],
            ExitCode = 137,
            ResourceRequirements =
            [
                new() { Type = "VCPU", Value = "2" }, new() { Type = "MEMORY", Value = "3000" }, new() { Type = "GPU", Value = "1" },
            ],
        },
        Attempts =
        [
            new AttemptDetail
            {
                StartedAt = Noon,
                Container = new AttemptContainerDetail { ExitCode = 137, Reason = "OutOfMemoryError", LogStreamName = "train/default/1" },
            },
        ],
        DependsOn = [new JobDependency { JobId = "other" }, new JobDependency { Type = "N_TO_N" }],
        Tags = new Dictionary<string, string> { ["user"] = "ada" },
    };

    private static string Json(ListedJob job) => JsonOutput.Line(JobLine.Of(job), JobsJson.Default.JobLine);

    private static string Json(JobDetail job, string? log, RecordedCost? cost) =>
        JsonOutput.Line(JobDescription.Of(job, log, cost, usage: null), JobsJson.Default.JobDescription);

    private static IEnumerable<string> Members(string json) => JsonDocument.Parse(json).RootElement.EnumerateObject().Select(m => m.Name);
}

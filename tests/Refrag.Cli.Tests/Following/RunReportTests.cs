using Refrag.Aws.Batch;
using Refrag.Cli.Following;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Cli.Tests.Following;

public sealed class RunReportTests
{
    private static readonly RunReport s_report = new()
    {
        JobId = "id",
        JobName = "train",
        JobQueue = "q",
        JobDefinition = "d",
        Reason = "because",
        SubmissionId = "s",
    };

    [Fact]
    public void ToJson_JobSubmitted_IsTheDocumentedShape() => Assert.Equal(
        """{"jobId":"id","jobName":"train","jobQueue":"q","jobDefinition":"d","reason":"because","submissionId":"s"}""", s_report.ToJson());

    [Fact]
    public void ToJson_JobFollowed_HasItsEnd() => Assert.EndsWith(
        ""","status":"FAILED","statusReason":"Essential container in task exited","exitCode":7}""",
        s_report.Ended(new JobDetail { Status = "FAILED", StatusReason = "Essential container in task exited" }, 7).ToJson(),
        StringComparison.Ordinal);

    [Fact]
    public void ToJson_PartOfASweep_HasItsJobsAndTheManifest() => Assert.Equal(
        """
        {"jobId":"id","jobName":"train","jobQueue":"q","jobDefinition":"d","submissionId":"s","jobs":"0-9999","manifest":"sweep.jsonl"}
        """,
        (s_report with { Reason = null, Jobs = "0-9999", Manifest = "sweep.jsonl" }).ToJson());

    [Fact]
    public void ToJson_FollowedJobWithoutAReason_LeavesTheReasonOut() => Assert.EndsWith(
        ""","status":"SUCCEEDED","exitCode":0}""", s_report.Ended(new JobDetail { Status = "SUCCEEDED" }, 0).ToJson(),
        StringComparison.Ordinal);

    [Fact]
    public void Of_Plan_HasWhatIsSent()
    {
        var submit = new SubmitJobRequest { JobName = "train", JobQueue = "q", JobDefinition = "derived" };
        var report = RunReport.Of(new LaunchPlan(new Target("q", "d", "because"), null, submit, new SubmissionId("s")), "id");

        Assert.Equal(s_report with { JobDefinition = "derived" }, report);
    }
}

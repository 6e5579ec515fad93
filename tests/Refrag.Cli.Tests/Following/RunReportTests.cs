using Refrag.Aws.Batch;
using Refrag.Cli.Following;

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
}

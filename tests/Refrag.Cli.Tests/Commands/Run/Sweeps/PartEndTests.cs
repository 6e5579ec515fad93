using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Run.Sweeps;
using Refrag.CommandTables;
using JobStatus = Refrag.Composition.Sweeps.JobStatus;

namespace Refrag.Cli.Tests.Commands.Run.Sweeps;

public sealed class PartEndTests
{
    private static readonly SentJob s_array = new("id", JobSet.Parse("10-14")!);

    [Theory]
    [InlineData("SUBMITTED")]
    [InlineData("RUNNABLE")]
    [InlineData("RUNNING")]
    public void Of_PartThatHasNotEnded_IsNull(string status) => Assert.Null(PartEnd.Of(s_array, Part(status)));

    [Fact]
    public void Of_Child_IsTheJobOfTheSweepThatItStandsFor() =>
        Assert.Equal(new SweepEnd(13, JobStatus.Succeeded, 0), PartEnd.Of(s_array, Part("SUCCEEDED")));

    [Fact]
    public void Of_ChildThatRanAndFailed_HasItsExitCode() => Assert.Equal(new SweepEnd(13, JobStatus.Failed, 7),
        PartEnd.Of(s_array, Part("FAILED") with { StartedAt = 1, Container = new ContainerDetail { ExitCode = 7 } }));

    // Cancelled before it started: it did not fail, and a resumed sweep runs it.
    [Fact]
    public void Of_ChildThatNeverStarted_IsPending() =>
        Assert.Equal(JobStatus.Pending, PartEnd.Of(s_array, Part("FAILED"))?.Status);

    private static JobDetail Part(string status) => new() { JobId = "id:3", Status = status };
}

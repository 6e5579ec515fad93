using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Cli.Following;

namespace Refrag.Cli.Tests;

public sealed class JobExitTests
{
    [Theory]
    [InlineData("SUCCEEDED", 0, 0)]
    [InlineData("FAILED", 7, 7)]
    [InlineData("FAILED", 137, 137)]
    // Stopped by Batch although the program itself ended well.
    [InlineData("FAILED", 0, 1)]
    [InlineData("FAILED", null, 1)]
    public void Code_JobOfOneContainer_IsItsOwnWhereItFailed(string status, int? container, int expected) =>
        Assert.Equal(expected, JobExit.Code(new JobDetail { Status = status, Container = new ContainerDetail { ExitCode = container } }));

    [Fact]
    public void Code_MultiNodeJob_IsThatOfTheLastAttempt() => Assert.Equal(3, JobExit.Code(new JobDetail
    {
        Status = "FAILED",
        Attempts = [new AttemptDetail { Container = new AttemptContainerDetail { ExitCode = 1 } },
            new AttemptDetail { Container = new AttemptContainerDetail { ExitCode = 3 } }],
    }));

    [Fact]
    public void Code_ArrayParent_HasNoCodeOfItsOwn() =>
        Assert.Equal(ExitCodes.JobFailed, JobExit.Code(new JobDetail { Status = "FAILED" }));
}

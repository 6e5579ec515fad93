using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Launching;

namespace Refrag.Cli.Tests.Following;

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

    [Fact]
    public async Task CodeAsync_ArrayFailed_IsThatOfTheFirstChildThatFailed()
    {
        DescribedJobs batch = new([Child(0, "SUCCEEDED", 0), Child(1, "FAILED", 7), Child(2, "FAILED", 9)]);

        Assert.Equal(7, await CodeAsync(batch, new JobDetail
        {
            JobId = "id",
            Status = "FAILED",
            ArrayProperties = new ArrayPropertiesDetail { Size = 3 },
        }));
        Assert.Equal(["id:0", "id:1", "id:2"], Assert.Single(batch.Asked));
    }

    [Fact]
    public async Task CodeAsync_MultiNodeJobWithoutACode_IsThatOfTheNodeThatFailed()
    {
        DescribedJobs batch = new([Child(0, "FAILED", 5), Child(1, "SUCCEEDED", 0)]);

        Assert.Equal(5, await CodeAsync(batch, new JobDetail
        {
            JobId = "id",
            Status = "FAILED",
            NodeProperties = new NodeProperties { NumNodes = 2, MainNode = 0, NodeRangeProperties = [] },
        }));
        Assert.Equal(["id#0", "id#1"], Assert.Single(batch.Asked));
    }

    [Fact]
    public async Task CodeAsync_ArrayOfWhichNoChildIsKnown_IsThatOfAFailedJob() =>
        Assert.Equal(ExitCodes.JobFailed, await CodeAsync(new DescribedJobs([]), new JobDetail
        {
            JobId = "id",
            Status = "FAILED",
            ArrayProperties = new ArrayPropertiesDetail { Size = 2 },
        }));

    [Fact]
    public async Task CodeAsync_ArraySucceeded_AsksForNoChildren()
    {
        DescribedJobs batch = new([]);

        Assert.Equal(ExitCodes.Success, await CodeAsync(batch, new JobDetail
        {
            JobId = "id",
            Status = "SUCCEEDED",
            ArrayProperties = new ArrayPropertiesDetail { Size = 2 },
        }));
        Assert.Empty(batch.Asked);
    }

    private static Task<int> CodeAsync(DescribedJobs batch, JobDetail job) =>
        JobExit.CodeAsync(new JobHandle(batch, new PassingTime(), "id", "train"), job, TestContext.Current.CancellationToken);

    private static JobDetail Child(int index, string status, int code) =>
        new() { JobId = $"id:{index}", Status = status, Container = new ContainerDetail { ExitCode = code } };
}

using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs;

namespace Refrag.Cli.Tests.Commands.Jobs;

public sealed class PartsTextTests
{
    [Theory]
    [InlineData("3/10, 2 run", 2, 1, 1, 1)]
    [InlineData("3/10", 3, 0, 0, 0)]
    [InlineData("0/10, 1 run", 0, 0, 1, 0)]
    public void Of_ArrayWithASummary_ShowsEndedAndRunningChildren(string text, int succeeded, int failed, int starting, int running)
    {
        Dictionary<string, int> summary = new()
        {
            [JobStatus.Succeeded] = succeeded,
            [JobStatus.Failed] = failed,
            [JobStatus.Starting] = starting,
            [JobStatus.Running] = running,
            [JobStatus.Runnable] = 10 - succeeded - failed - starting - running,
        };

        Assert.Equal(text, PartsText.Of(Job() with { ArrayProperties = new() { Size = 10, StatusSummary = summary } }));
    }

    [Fact]
    public void Of_ArrayWithoutASummary_ShowsItsSize() =>
        Assert.Equal("[10]", PartsText.Of(Job() with { ArrayProperties = new() { Size = 10 } }));

    [Fact]
    public void Of_SeveralNodes_ShowsHowMany() =>
        Assert.Equal("4 nodes", PartsText.Of(Job() with { NodeProperties = new() { NumNodes = 4 } }));

    [Fact]
    public void Of_OnePart_ShowsNothing() => Assert.Equal("", PartsText.Of(Job()));

    private static JobSummary Job() => new() { JobId = "id", JobName = "train" };
}

using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests.Attempts;

public sealed class StartProgressTests : EngineTest
{
    public StartProgressTests()
    {
        Runner = new FakeRunner
        {
            Decide = static start =>
            {
                start.Progress!("3f4a Downloading 5MB/9MB");
                // A second later it would be reported again.
                start.Progress!("3f4a Downloading 6MB/9MB");
                return null;
            },
        };
        Batch = Start(Runner);
    }

    [Fact]
    public async Task Start_FetchesAnImage_SaysSoUntilItRuns()
    {
        SubmitJobRequest large = Request() with
        {
            ContainerOverrides = Request().ContainerOverrides! with { ResourceRequirements = [new() { Type = "VCPU", Value = "4" }] },
        };
        await Submit(large);
        FakeAttempt first = await Runner.Next();
        string second = await Submit(large);
        Task<List<(string, string?)>> changes = Batch.WatchAsync(second, Token)
            .Select(job => (job.Status, job.StatusReason)).ToListAsync(Token).AsTask();
        await Until(second, JobStatus.Runnable);
        first.End(0);
        (await Runner.Next()).End(0);
        Assert.Equal(
            [
                ("RUNNABLE", null),
                ("STARTING", null),
                ("STARTING", "The image is being fetched: 3f4a Downloading 5MB/9MB"),
                ("RUNNING", null),
                ("SUCCEEDED", "Essential container in task exited"),
            ],
            await changes.Soon());
    }
}

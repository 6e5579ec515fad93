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

    // What a volume on S3 Files lacks here is said as long as the job runs, also after the image came.
    [Fact]
    public async Task Start_FetchesAnImage_KeepsWhatElseTheReasonSays()
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "files",
            Type = JobDefinitionType.Container,
            ContainerProperties = new ContainerProperties
            {
                Image = "image",
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "64" }],
                Volumes =
                [
                    new Volume
                    {
                        Name = "data",
                        S3filesVolumeConfiguration =
                            new S3FilesVolumeConfiguration { FileSystemArn = "arn:aws:s3files:us-east-1:0:file-system/fs-1" },
                    },
                ],
            },
        }, Token);
        string id = await Submit(Request() with { JobDefinition = "files" });
        FakeAttempt attempt = await Runner.Next();
        Assert.Equal("Volume data is on S3 Files and is not mounted here.", (await Until(id, JobStatus.Running)).StatusReason);
        attempt.End(0);
        await Ended(id);
    }
}

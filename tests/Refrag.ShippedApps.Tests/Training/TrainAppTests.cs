namespace Refrag.ShippedApps.Tests.Training;

public sealed class TrainAppTests
{
    [Theory]
    [InlineData("mlp", "clusters", 8)]
    [InlineData("softmax", "clusters", 8)]
    [InlineData("mlp", "spirals", 2)]
    public async Task Run_LongEnough_LearnsToDistinguishTheClasses(string model, string data, int features)
    {
        using TrainJob job = new TrainJob()
            .With("model", model).With("data", data).With("samples", 2000).With("features", features).With("hidden", 32)
            .With("epochs", 40).With("classes", 3);

        (int exitCode, string output, _) = await job.RunAsync();

        Assert.Equal(0, exitCode);
        double accuracy = double.Parse(output.Split("test accuracy ")[^1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(accuracy, 0.9, 1);
    }

    [Fact]
    public async Task Run_SoftmaxOnSpirals_LearnsLessThanAnMlp()
    {
        // Straight lines cannot part spirals: that the hidden layer can shows that it is used.
        using TrainJob job = new TrainJob()
            .With("model", "softmax").With("data", "spirals").With("samples", 2000).With("features", 2).With("epochs", 40);

        (_, string output, _) = await job.RunAsync();

        double accuracy = double.Parse(output.Split("test accuracy ")[^1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(accuracy, 0.2, 0.8);
    }

    [Fact]
    public async Task Run_Whole_WritesEachLineOfMetricsOnceInOrder()
    {
        using TrainJob job = await new TrainJob().With("epochs", 2).CompleteAsync();

        // 96 rows in batches of 8 are 12 steps an epoch, with a line every 5 and at the end.
        Assert.Equal(
            [(5, "train"), (10, "train"), (12, "train"), (12, "test"), (15, "train"), (20, "train"), (24, "train"), (24, "test")],
            job.Lines);
    }

    [Fact]
    public async Task Run_KeepTwo_KeepsTheTwoNewestCheckpoints()
    {
        using TrainJob job = await new TrainJob().CompleteAsync();

        Assert.Equal(["step-000000000070.ckpt", "step-000000000072.ckpt"], job.CheckpointFiles.Select(Path.GetFileName));
        Assert.Equal(2, Directory.GetFileSystemEntries(job.Checkpoints).Length);
    }

    [Fact]
    public async Task Run_OnFourNodes_IsRefusedWithTheCure()
    {
        using var job = new TrainJob();

        (int exitCode, _, string error) = await job.With("lr", "fast").RunAsync(worker: new Worker { Rank = 1, WorldSize = 4 });

        Assert.Equal(AppExitCodes.Refused, exitCode);
        Assert.Contains("RF7201", error);
        Assert.Contains("env.nodes=1", error);
        Assert.Contains("RF7002 lr", error);
        Assert.False(Directory.Exists(job.Output));
    }

    [Fact]
    public async Task Run_ArrayChildren_HaveDirectoriesOfTheirOwn()
    {
        using var job = new TrainJob();

        Assert.Equal(0, (await job.RunAsync(worker: new Worker { ArrayIndex = 0 })).ExitCode);
        Assert.Equal(0, (await job.With("lr", 0.2).RunAsync(worker: new Worker { ArrayIndex = 1 })).ExitCode);
        Assert.True(File.Exists(Path.Combine(job.Output, "1", "metrics.jsonl")));
    }

    [Fact]
    public async Task Run_StepsTooLarge_EndsWithTheCause()
    {
        using TrainJob job = new TrainJob().With("lr", 1e200);

        (int exitCode, _, string error) = await job.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("RF7206", error);
    }

    [Fact]
    public async Task Run_OutputDirectoryIsAFile_IsRefused()
    {
        using var job = new TrainJob();
        job.Write("out", "");

        (int exitCode, _, string error) = await job.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("RF7205", error);
    }
}

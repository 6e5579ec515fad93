using System.Globalization;

namespace Refrag.Apps.Tests.Training;

/// <summary>train as a real process, killed and stopped at whatever step it is just then.</summary>
public sealed class TrainProcessTests
{
    [Fact]
    public async Task Kill_SeveralTimesAtRandomSteps_EndsAsIfNeverKilled()
    {
        using TrainJob whole = await Long().CompleteAsync();
        using TrainJob job = Long();

        foreach (int epoch in (int[])[2, 5, 6, 9])
        {
            using HostProcess process = Start(job);
            await process.Output.WaitForAsync($"epoch {epoch.ToString(CultureInfo.InvariantCulture)}/");
            process.Kill();
            await process.WaitAsync();
        }

        using HostProcess last = Start(job);
        Assert.Equal(0, await last.WaitAsync());
        Assert.Contains("going on from step", last.Output.Text);
        Assert.Equal(whole.Result, job.Result);
    }

    [Fact]
    public async Task Terminate_InMidRun_WritesACheckpointAndEndsWith143()
    {
        using TrainJob whole = await Long().CompleteAsync();
        using TrainJob job = Long().With("checkpoint_every", 0);

        using HostProcess process = Start(job);
        await process.Output.WaitForAsync("epoch 2/");
        await process.SignalAsync("TERM");

        Assert.Equal(143, await process.WaitAsync());
        Assert.Contains("stopped at step", process.Output.Text);
        Assert.Single(job.CheckpointFiles);
        await job.CompleteAsync();
        Assert.Equal(whole.Result, job.Result);
    }

    [Fact]
    public async Task Start_WhileAnotherRunsThere_IsRefused()
    {
        using TrainJob job = Long();
        using HostProcess process = Start(job.With("epochs", 1_000_000));
        await process.Output.WaitForAsync("training");

        (int exitCode, _, string error) = await job.RunAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("RF7205", error);
    }

    // Long enough that a kill comes before the end, whose epochs take some 30 ms.
    private static TrainJob Long() => new TrainJob().With("samples", 4000).With("hidden", 64).With("features", 16).With("epochs", 12).With("checkpoint_every", 70);

    private static HostProcess Start(TrainJob job) => HostProcess.Start(["train", job.Config], directory: job.Root);
}

using System.Globalization;

namespace Refrag.ShippedApps.Tests.Training;

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
        Assert.Contains("continuing from step", last.Output.Text);
        Assert.Equal(whole.Result, job.Result);
    }

    [Fact]
    public async Task Terminate_InMidRun_WritesACheckpointAndEndsWith143()
    {
        using TrainJob job = Long().With("checkpoint_every", 0).With("epochs", 1_000_000);

        using HostProcess process = Start(job);
        await process.Output.WaitForAsync("epoch 2/");
        await process.SignalAsync("TERM");

        Assert.Equal(143, await process.WaitAsync());
        string stopped = process.Output.Lines[^1];
        Assert.StartsWith("stopped at step ", stopped, StringComparison.Ordinal);
        int epochs = int.Parse(stopped.Split(' ')[3], CultureInfo.InvariantCulture) / StepsPerEpoch + 2;
        Assert.Single(job.CheckpointFiles);
        await job.With("epochs", epochs).CompleteAsync();
        using TrainJob whole = await Long().With("epochs", epochs).CompleteAsync();
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

    // Four fifths of the samples, in batches of 8.
    private const int StepsPerEpoch = 400;

    // Long enough that a kill comes before the end, whose epochs take some 30 ms.
    private static TrainJob Long() =>
        new TrainJob().With("samples", 4000).With("hidden", 64).With("features", 16).With("epochs", 12).With("checkpoint_every", 70);

    private static HostProcess Start(TrainJob job) => HostProcess.Start(["train", job.Config], directory: job.Root);
}

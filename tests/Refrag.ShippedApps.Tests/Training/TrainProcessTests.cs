using System.Globalization;

namespace Refrag.ShippedApps.Tests.Training;

/// <summary>train as a real process, killed and stopped at whatever step it is just then.</summary>
public sealed class TrainProcessTests
{
    [Fact]
    public async Task Kill_SeveralTimesAtRandomSteps_EndsAsIfNeverKilled()
    {
        // It never ends by itself, however late a kill comes.
        using TrainJob job = Long().With("epochs", 1_000_000);
        int epochs = 0;
        for (int kills = 0; kills < 4; kills++)
        {
            using HostProcess process = Start(job);
            await process.Output.WaitForAsync("epoch ");
            process.Kill();
            await process.WaitAsync();
            string reached = process.Output.Lines.Last(line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains('/'));
            epochs = int.Parse(reached["epoch ".Length..reached.IndexOf('/')], CultureInfo.InvariantCulture) + 3;
        }

        using HostProcess last = Start(job.With("epochs", epochs));
        Assert.Equal(0, await last.WaitAsync());
        Assert.Contains("continuing from step", last.Output.Text);
        using TrainJob whole = await Long().With("epochs", epochs).CompleteAsync();
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

    // An epoch takes some 30 ms: several checkpoints lie between two kills.
    private static TrainJob Long() =>
        new TrainJob().With("samples", 4000).With("hidden", 64).With("features", 16).With("epochs", 12).With("checkpoint_every", 70);

    private static HostProcess Start(TrainJob job) => HostProcess.Start(["train", job.Config], directory: job.Root);
}

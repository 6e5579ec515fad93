using CsCheck;

namespace Refrag.ShippedApps.Tests.Training;

/// <summary>However a run ends, run again it ends as if it had never stopped: the same metrics and the same weights, bit by bit.</summary>
public sealed class ResumeTests
{
    [Fact]
    public async Task Run_Twice_GivesTheSameBits()
    {
        using TrainJob first = await new TrainJob().CompleteAsync();
        using TrainJob second = await new TrainJob().CompleteAsync();
        using TrainJob other = await new TrainJob().With("seed", 1).CompleteAsync();

        Assert.Equal(first.Result, second.Result);
        Assert.NotEqual(first.Result, other.Result);
    }

    [Theory]
    [InlineData("mlp", "clusters")]
    [InlineData("softmax", "clusters")]
    [InlineData("mlp", "spirals")]
    public async Task Run_StoppedAndCrashedAtRandom_EndsAsIfNeverStopped(string model, string data)
    {
        using TrainJob whole = await new TrainJob().With("model", model).With("data", data).CompleteAsync();

        await Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Int[1, 9], Gen.Bool).Array[1, 5]).SampleAsync(
            async interruptions =>
            {
                (int checkpointEvery, (int Line, bool Crash)[] ends) = interruptions;
                using TrainJob job = new TrainJob().With("model", model).With("data", data).With("checkpoint_every", checkpointEvery);
                foreach ((int line, bool crash) in ends) await InterruptAsync(job, line, crash);
                await job.CompleteAsync();
                return job.Result == whole.Result;
            },
            iter: 15,
            threads: 1);
    }

    [Fact]
    public async Task Run_Cancelled_LeavesACheckpointOfThatStep()
    {
        using var job = new TrainJob();

        await InterruptAsync(job.With("checkpoint_every", 0), line: 3, crash: false);

        // The third line is that of the second epoch, whose last step is the 24th.
        Assert.EndsWith("step-000000000024.ckpt", Assert.Single(job.CheckpointFiles), StringComparison.Ordinal);
        Assert.Contains("continuing from step 24 of 72", (await job.RunAsync()).Output);
    }

    [Fact]
    public async Task Run_NewestCheckpointTorn_ContinuesFromTheOneBefore()
    {
        using TrainJob whole = await new TrainJob().CompleteAsync();
        using TrainJob job = await new TrainJob().With("epochs", 5).CompleteAsync();
        string newest = job.CheckpointFiles[^1];
        byte[] bytes = await File.ReadAllBytesAsync(newest, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(newest, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await job.With("epochs", 6).RunAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains($"{Path.GetFileName(newest)} is not used", error);
        Assert.Contains("continuing from step 56", output);
        Assert.Equal(whole.Result, job.Result);
    }

    [Fact]
    public async Task Run_AnyBitOfTheCheckpointFlipped_IsNoticed()
    {
        using TrainJob job = await new TrainJob().With("keep_checkpoints", 1).CompleteAsync();
        string path = Assert.Single(job.CheckpointFiles);
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7]).Sample(flip =>
        {
            byte[] bytes = [.. whole];
            bytes[flip.Item1] ^= (byte)(1 << flip.Item2);
            return ShippedApps.Training.Checkpoint.Decode(bytes).Damage is not null;
        });
        Gen.Int[0, whole.Length - 1].Sample(length => ShippedApps.Training.Checkpoint.Decode(whole.AsSpan(0, length)).Damage is not null);
        Assert.Null(ShippedApps.Training.Checkpoint.Decode(whole).Damage);
    }

    [Fact]
    public async Task Run_EveryCheckpointDamaged_BeginsAnewWithTheSameEnd()
    {
        using TrainJob job = await new TrainJob().CompleteAsync();
        (string, string) before = job.Result;
        foreach (string path in job.CheckpointFiles) await File.WriteAllTextAsync(path, "x", TestContext.Current.CancellationToken);

        (int exitCode, string output, _) = await job.RunAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("training mlp", output);
        Assert.Equal(before, job.Result);
    }

    [Fact]
    public async Task Run_Longer_ContinuesAndEqualsALongRun()
    {
        using TrainJob whole = await new TrainJob().With("epochs", 9).CompleteAsync();
        using TrainJob job = await new TrainJob().With("epochs", 4).CompleteAsync();

        await job.With("epochs", 9).CompleteAsync();

        Assert.Equal(whole.Result, job.Result);
    }

    [Fact]
    public async Task Run_Complete_SaysSoAndChangesNothing()
    {
        using TrainJob job = await new TrainJob().CompleteAsync();
        (string, string) before = job.Result;

        (int exitCode, string output, _) = await job.RunAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("continuing from step 72 of 72", output);
        Assert.Equal(before, job.Result);
    }

    [Theory]
    [InlineData("lr", 0.2, "lr is 0.1 there and 0.2 here")]
    [InlineData("seed", 5.0, "seed is 0 there and 5 here")]
    [InlineData("hidden", 6.0, "hidden is 5 there and 6 here")]
    [InlineData("epochs", 2.0, "it did 72 steps, epochs=2 are 24")]
    public async Task Run_CheckpointsOfAnotherRun_AreNeitherUsedNorLost(string key, double value, string cause)
    {
        using TrainJob job = await new TrainJob().CompleteAsync();
        (string, string) before = job.Result;

        (int exitCode, _, string error) = await job.With(key, key == "lr" ? value : (long)value).RunAsync();

        Assert.Equal(AppExitCodes.Refused, exitCode);
        Assert.Contains("RF7204", error);
        Assert.Contains(cause, error);
        Assert.Equal(before, job.Result);
    }

    [Fact]
    public async Task Run_ResumeFalse_BeginsAnew()
    {
        using TrainJob other = await new TrainJob().With("lr", 0.2).CompleteAsync();
        using TrainJob job = await new TrainJob().CompleteAsync();

        await job.With("lr", 0.2).With("resume", false).CompleteAsync();

        Assert.Equal(other.Result, job.Result);
    }

    // Ends a run at its n-th line of output: by the token, as SIGTERM does, or by an exception, after which nothing more is written.
    private static async Task InterruptAsync(TrainJob job, int line, bool crash)
    {
        using var stop = new CancellationTokenSource();
        int seen = 0;
        try
        {
            await job.RunAsync(
                _ =>
                {
                    if (++seen != line) return;
                    if (crash) throw new CrashException();
                    stop.Cancel();
                },
                cancellationToken: stop.Token);
        }
        catch (Exception exception) when (exception is CrashException or OperationCanceledException)
        {
            // As wanted.
        }
    }

    private sealed class CrashException : Exception;
}

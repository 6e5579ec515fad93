using System.Diagnostics;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>A run that is watched on a server, and Ctrl-C: the job continues, and what is printed can be typed to end it.</summary>
public sealed class WatchedRunTests(ServedBatch server) : IClassFixture<ServedBatch>
{
    private static readonly string[] s_small = ["env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "--watch"];

    [Fact]
    public async Task Run_Interrupted_NamesTheCommandThatEndsTheJob()
    {
        (string id, Finished run) = await InterruptAsync("run", [.. s_small, "env.job_name=watched", "--", "sleep", "600"]);

        Assert.Equal(130, run.ExitCode);
        Assert.Contains(
            $"No longer watching. The job continues; to end it: refrag terminate {id} env=awsbatch\n", run.Error, StringComparison.Ordinal);
        await EndAsync(id);
    }

    [Fact]
    public async Task Sweep_Interrupted_NamesTheCommandsThatEndItAndWatchItAgain()
    {
        (string id, Finished run) = await InterruptAsync(
            "run", ["-m", .. s_small, "env.job_name=swept", "--manifest", "swept.jsonl", "--", "sh", "-c", "sleep 600", "x=1,2"]);

        Assert.Equal(130, run.ExitCode);
        Assert.Contains(
            $"No longer watching. What was submitted continues; to end it: refrag terminate {id} env=awsbatch\n", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("Watch it again with: refrag run --resume swept.jsonl --watch\n", run.Error, StringComparison.Ordinal);
        await EndAsync(id);
    }

    private async Task<(string Id, Finished Run)> InterruptAsync(string verb, string[] words)
    {
        using Process run = (await server.ClientAsync()).StartInterruptible([verb, .. words]);
        using CancellationTokenSource limit = Eventually.Stop();
        string submitted = await run.StandardOutput.ReadLineAsync(limit.Token) ?? "";
        Assert.StartsWith("Submitted ", submitted, StringComparison.Ordinal);
        using Process kill = Process.Start("kill", ["-INT", $"{run.Id}"]);
        await kill.WaitForExitAsync(limit.Token);
        return (submitted.Split(": ")[1], await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken));
    }

    private async Task EndAsync(string id)
    {
        Finished ended = await (await server.ClientAsync()).RunAsync("terminate", id, "env=awsbatch", "--yes");

        Assert.True(ended.ExitCode == 0, ended.ToString());
    }
}

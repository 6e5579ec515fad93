using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>Logs that are followed, sweeps that are resumed, and apps with code of their own, on a real Slurm.</summary>
[Trait("Peer", "slurm")]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmAppTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    [Fact]
    public async Task Logs_Followed_PrintsLinesAsTheyComeUntilTheJobHasEnded()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string may = Path.Combine(ScratchFolder.Make("follow"), "may");
        string id = await cluster.SubmitAsync("--", "sh", "-c", "echo first; until [ -e \"$0\" ]; do sleep 0.1; done; echo second", may);
        using System.Diagnostics.Process follow = cluster.Program().Start("logs", "-f", cluster.Folder, id);
        string? first = await follow.StandardOutput.ReadLineAsync(stop).AsTask().Soon();
        await File.WriteAllTextAsync(may, "", stop);
        Finished rest = await BuiltProgram.FinishAsync(follow, stop);

        Assert.Equal("first", first);
        Assert.Equal((0, "second\n"), (rest.ExitCode, rest.Output));
    }

    [Fact]
    public async Task Resume_OfASweep_RunsWhatFailedAndNothingElse()
    {
        string folder = ScratchFolder.Make("resume");
        string manifest = Path.Combine(folder, "sweep.jsonl"), cured = Path.Combine(folder, "cured");
        Finished sweep = await cluster.RunAsync("run", "-m", "--watch", "--manifest", manifest, cluster.Folder, "--", "sh", "-c",
            "[ $1 = --seed=1 ] || [ -e \"$0\" ] || exit 3; echo done $1", cured, "--seed=1,2,3");
        await File.WriteAllTextAsync(cured, "", TestContext.Current.CancellationToken);
        Finished again = await cluster.RunAsync("run", "--watch", "--resume", manifest);

        Assert.True(sweep.ExitCode == 3, sweep.ToString());
        Assert.Contains("done --seed=1", sweep.Output, StringComparison.Ordinal);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.DoesNotContain("done --seed=1", again.Output, StringComparison.Ordinal);
        Assert.Contains("done --seed=2", again.Output, StringComparison.Ordinal);
        Assert.Contains("done --seed=3", again.Output, StringComparison.Ordinal);
    }

    // What was submitted and not watched is found again: nothing is submitted twice.
    [Fact]
    public async Task Resume_OfASweepThatStillRuns_WatchesIt()
    {
        string folder = ScratchFolder.Make("rerun");
        string manifest = Path.Combine(folder, "sweep.jsonl"), may = Path.Combine(folder, "may");
        Finished sweep = await cluster.RunAsync("run", "-m", "--manifest", manifest, cluster.Folder, "env.job_name=kept", "--", "sh", "-c",
            "until [ -e \"$0\" ]; do sleep 0.1; done; echo done $1", may, "--seed=1,2");
        await File.WriteAllTextAsync(may, "", TestContext.Current.CancellationToken);
        Finished again = await cluster.RunAsync("run", "--watch", "--resume", manifest);
        string names = await cluster.SlurmAsync("squeue", "-h", "-t", "all", "-o", "%F %j");

        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Single(names.Split('\n').Where(line => line.Contains(" kept.", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Code_OfACommand_IsUnpackedOnTheNodes(int nodes)
    {
        string code = ScratchFolder.Make("code");
        // The main node's end ends the others, so it waits until the other one runs.
        await File.WriteAllTextAsync(Path.Combine(code, "main.sh"), """
            if [ "${RANK:-0}" != 0 ]; then touch "$1"; exec sleep 600; fi
            [ "${WORLD_SIZE:-1}" = 1 ] || until [ -e "$1" ]; do sleep 0.1; done
            echo the code of rank 0
            exit 6

            """, TestContext.Current.CancellationToken);
        cluster.SkipIfAbsent();
        Finished run = await (cluster.Program() with { WorkingDirectory = code }).RunAsync(
            "run", "--watch", cluster.Folder, "env.code=.", $"env.code_store=file://{ScratchFolder.Make("store")}", $"env.nodes={nodes}",
            "--", "sh", "main.sh", Path.Combine(ScratchFolder.Make("ranks"), "one"));

        Assert.True(run.ExitCode == 6, run.ToString());
        Assert.Contains("the code of rank 0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClassApp_OnTwoNodes_IsRunByTheNodesOwnRefrag()
    {
        // The build of the tests needs the .NET runtime, which a job would find by itself where it is in its usual place.
        string runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        Finished run = await cluster.RunAsync("run", "--watch", cluster.Folder, "app=hello_dist", "nodes=2", "message=hi there",
            $"env.program={BuiltProgram.Path}", $"+env.environment.DOTNET_ROOT={runtime}");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.All([0, 1], rank => Assert.Contains($"[0] rank {rank}/2", run.Output, StringComparison.Ordinal));
    }
}

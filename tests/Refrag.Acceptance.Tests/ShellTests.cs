using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary><c>refrag shell</c>: beside the processes of a server and of a run in another terminal.</summary>
public sealed class ShellTests(ServedBatch server) : IClassFixture<ServedBatch>
{
    private static readonly string[] s_small = ["env=awsbatch", "env.vcpus=1", "env.memory=64MiB"];

    [Fact]
    public async Task Shell_Command_HasTheJobsFolderAndVariablesAndPassesItsExitCode()
    {
        string id = await SubmitAsync("+env.environment.COLOUR=blue", "--", "sh", "-c", "cd /usr && echo ready && exec sleep 600");
        await Eventually.HoldsAsync(async () => (await RunAsync("logs", id, "env=awsbatch")).Output == "ready\n");

        Finished shell = await ShellAsync(id, "env=awsbatch", "--", "env", "OTHER=x=y", "sh", "-c", "pwd; echo $COLOUR $OTHER; exit 3");

        Assert.Equal((3, "/usr\nblue x=y\n", ""), (shell.ExitCode, shell.Output, shell.Error));
        await EndAsync(id);
    }

    [Fact]
    public async Task Shell_ChildAndNode_AreNamedByTheirNumbers()
    {
        string array = await SubmitAsync("env.array_size=2", "--", "sleep", "600");
        Finished whole = await RunAsync("shell", array, "env=awsbatch");
        Finished child = await ShellAsync($"{array}:1", "env=awsbatch", "--", "sh", "-c", "echo $AWS_BATCH_JOB_ARRAY_INDEX");
        await EndAsync(array);
        string nodes = await SubmitAsync("env.nodes=2", "--", "sleep", "600");
        Finished group = await RunAsync("shell", nodes, "env=awsbatch");
        Finished node = await ShellAsync($"{nodes}#1", "env=awsbatch", "--", "sh", "-c", "echo $AWS_BATCH_JOB_NODE_INDEX");
        await EndAsync(nodes);

        Assert.Equal((64, 64), (whole.ExitCode, group.ExitCode));
        Assert.Contains($"refrag shell {array}:0.", whole.Error, StringComparison.Ordinal);
        Assert.Contains($"refrag shell '{nodes}#0'.", group.Error, StringComparison.Ordinal);
        Assert.Equal(("1\n", "1\n"), (child.Output, node.Output));
    }

    [Fact]
    public async Task Shell_JobEndsMeanwhile_EndsWithIt()
    {
        string id = await SubmitAsync("--", "sleep", "600");
        await RunningAsync(id);
        using Process shell = (await server.ClientAsync()).Start("shell", id, "env=awsbatch", "--", "sh", "-c", "echo in; exec sleep 600");
        Assert.Equal("in", await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon());

        await EndAsync(id);
        Finished ended = await BuiltProgram.FinishAsync(shell, TestContext.Current.CancellationToken);

        Assert.Equal(128 + 1, ended.ExitCode);
        Assert.Contains($"{id} has ended: FAILED\n", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_AtATerminal_IsInteractive()
    {
        Assert.SkipUnless(Stock.Has("script"), "script is not on PATH.");
        string id = await SubmitAsync("+env.environment.COLOUR=green", "--", "sleep", "600");
        await RunningAsync(id);
        string typed = "test -t 0 && test -t 1 && echo \"at a $COLOUR terminal\"; exit 4";

        Finished shell = await BuiltProgram.FinishAsync(
            (await server.ClientAsync()).StartProgram(
                "sh", "-c", "printf '%s\\n' \"$1\" | script -qec \"$2\" /dev/null", "sh", typed,
                $"'{BuiltProgram.Path}' shell {id} env=awsbatch"),
            TestContext.Current.CancellationToken);

        Assert.True(shell.ExitCode == 4, shell.ToString());
        Assert.Contains("at a green terminal\r\n", shell.Output, StringComparison.Ordinal);
        await EndAsync(id);
    }

    [Fact]
    public async Task Shell_JobThatHasEnded_IsRefusedWithWhatHelps()
    {
        string id = await SubmitAsync("--", "true");
        Assert.Equal(0, (await RunAsync("wait", id, "env=awsbatch")).ExitCode);

        Finished shell = await RunAsync("shell", id, "env=awsbatch");

        Assert.Equal(64, shell.ExitCode);
        Assert.Contains("RF8081", shell.Error, StringComparison.Ordinal);
        Assert.Contains($"refrag logs {id}", shell.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shell_RunInAnotherTerminal_IsBesideItsProcess()
    {
        string runs = ScratchFolder.Make("runs");
        BuiltProgram program = new BuiltProgram { WorkingDirectory = runs }.With("REFRAG_RUNS", runs);
        using Process run = program.Start("run", "env.job_name=here", "--", "sh", "-c", "echo begun; exec sleep 600");
        Assert.Equal("begun", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon());

        await Eventually.HoldsAsync(async () => IsRunning(await program.RunAsync("job", "here", "env=local", "--json")));
        Finished shell = await program.RunAsync("shell", "here", "env=local", "--", "sh", "-c", "pwd; test -n \"$AWS_BATCH_JOB_ID\"");

        Assert.Equal((0, $"{runs}\n"), (shell.ExitCode, shell.Output));
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> SubmitAsync(params string[] words)
    {
        Finished run = await RunAsync(["run", .. s_small, "--json", .. words]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }

    // Into a part of a job once it runs.
    private async Task<Finished> ShellAsync(string id, params string[] words)
    {
        await RunningAsync(id);
        return await RunAsync(["shell", id, .. words]);
    }

    private Task RunningAsync(string id) =>
        Eventually.HoldsAsync(async () => IsRunning(await RunAsync("job", id, "env=awsbatch", "--json")));

    private static bool IsRunning(Finished job) => (string?)JsonNode.Parse(job.Output)!["status"] == "RUNNING";

    private async Task<Finished> RunAsync(params string[] words) => await (await server.ClientAsync()).RunAsync(words);

    private async Task EndAsync(string id)
    {
        Finished ended = await RunAsync("terminate", id, "env=awsbatch", "--yes");

        Assert.True(ended.ExitCode == 0, ended.ToString());
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refrag.Acceptance.Tests.Peers;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary><c>refrag wait</c>: for jobs of a server, of a sweep, and of a run in another terminal.</summary>
public sealed partial class WaitTests(ServedBatch server) : IClassFixture<ServedBatch>
{
    private static readonly string[] s_small = ["env=awsbatch", "env.vcpus=1", "env.memory=64MiB"];

    [Fact]
    public async Task Wait_JobsThatSucceed_EndsWithOneLine()
    {
        string one = await SubmitAsync("env.job_name=one", "--", "true");
        string other = await SubmitAsync("env.job_name=other", "env.nodes=2", "--", "true");

        Finished wait = await RunAsync("wait", one, other, "env=awsbatch");

        Assert.Equal((0, ""), (wait.ExitCode, wait.Error));
        Assert.Matches(@"\Aone and 1 more: all 2 jobs succeeded in (\d+m )?\d+s(, cost not known)?\n\z", wait.Output);
    }

    [Fact]
    public async Task Wait_ArrayWithAChildThatFails_ReturnsItsExitCode()
    {
        string good = await SubmitAsync("env.job_name=good", "--", "true");
        string array = await SubmitAsync(
            "env.job_name=bad", "env.array_size=3", "--", "sh", "-c", "exit $((AWS_BATCH_JOB_ARRAY_INDEX * 7))");

        Finished wait = await RunAsync("wait", good, array, "env=awsbatch", "--json");

        Assert.Equal(7, wait.ExitCode);
        JsonNode[] lines = Lines(wait);
        Assert.Equal([(good, 0), (array, 7)],
            lines[..2].Select(line => ((string)line["jobId"]!, (int)line["exitCode"]!)).OrderBy(line => line.Item2));
        Assert.Equal(("failed", 4, 2, 2, 7), ((string?)lines[2]["state"], (int?)lines[2]["jobs"], (int?)lines[2]["succeeded"],
            (int?)lines[2]["failed"], (int?)lines[2]["exitCode"]));
        Assert.Contains($"bad {array}: FAILED", wait.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ByTheNameAndAfterTheEnd_IsTheSame()
    {
        await SubmitAsync("env.job_name=named", "--", "sh", "-c", "exit 5");

        Finished first = await RunAsync("wait", "named", "env=awsbatch");
        Finished again = await RunAsync("wait", "named", "env=awsbatch", "--timeout", "1h");

        Assert.Equal((5, 5), (first.ExitCode, again.ExitCode));
        Assert.StartsWith("named: failed in ", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_TimeLimit_LeavesTheJobRunning()
    {
        string id = await SubmitAsync("env.job_name=long", "--", "sleep", "600");

        Finished wait = await RunAsync("wait", id, "env=awsbatch", "--timeout", "1s");

        Assert.Equal(124, wait.ExitCode);
        Assert.StartsWith("long: has not ended in ", wait.Output, StringComparison.Ordinal);
        await EndAsync(id);
    }

    [Fact]
    public async Task Wait_Interrupted_LeavesTheJobRunning()
    {
        string done = await SubmitAsync("env.job_name=done", "--", "true");
        string id = await SubmitAsync("env.job_name=left", "--", "sleep", "600");
        using Process wait = (await server.ClientAsync()).StartInterruptible("wait", done, id, "env=awsbatch", "--json");
        await EndOfOneAsync(wait);
        using Process kill = Process.Start("kill", ["-INT", $"{wait.Id}"]);
        Finished ended = await BuiltProgram.FinishAsync(wait, TestContext.Current.CancellationToken);

        Assert.Equal((130, "", "No longer waiting. The jobs continue.\n"), (ended.ExitCode, ended.Output, ended.Error));
        await EndAsync(id);
    }

    [Fact]
    public async Task Wait_ManifestOfASweepThatWasResumed_CountsWhatWasRepeated()
    {
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "m.jsonl");
        string marker = Path.Combine(ScratchFolder.Make("sweep"), "second");
        string[] sweep = ["-m", .. s_small, "env.job_name=swept", "--manifest", manifest, "--", "sh", "-c",
            $"test $0 = x=1 -o -e {marker}", "x=1,2,3"];
        Finished run = await RunAsync(["run", .. sweep]);
        Assert.True(run.ExitCode == 0, run.ToString());

        Finished first = await RunAsync("wait", manifest, "env=awsbatch");
        await File.WriteAllTextAsync(marker, "", TestContext.Current.CancellationToken);
        Finished resumed = await RunAsync("run", "--resume", manifest);
        Finished second = await RunAsync("wait", manifest, "env=awsbatch");

        Assert.Equal(1, first.ExitCode);
        Assert.StartsWith("swept: 1 of 3 jobs succeeded, 2 failed in ", first.Output, StringComparison.Ordinal);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.StartsWith("swept: all 3 jobs succeeded in ", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_JobsOfWhichSomeWereNeverSeen_ReportsThemAndTheEndOfTheOthers()
    {
        string good = await SubmitAsync("env.job_name=good", "--", "true");
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "m.jsonl");
        Finished run = await RunAsync(["run", "-m", .. s_small, "--manifest", manifest, "--", "echo", "x=1,2"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        string written = await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            manifest, Uuid().Replace(written, "00000000-0000-0000-0000-000000000000"), TestContext.Current.CancellationToken);

        Finished wait = await RunAsync("wait", good, manifest, "env=awsbatch", "--notify", "cat");

        Assert.Equal(75, wait.ExitCode);
        Assert.Matches(@"^good and 1 more: 1 of \d jobs succeeded, \d not known in ", wait.Output);
        Assert.Contains("RF5023", wait.Error, StringComparison.Ordinal);
        Assert.Contains(wait.Output, wait.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(66, "RF5023", "00000000-0000-0000-0000-000000000000")]
    [InlineData(66, "RF5023", "no-such-job")]
    [InlineData(64, "RF2062", "no-such-sweep.jsonl")]
    [InlineData(64, "RF5022")]
    [InlineData(64, "RF5000", "some", "--timeout", "soon")]
    [InlineData(64, "RF8070", "some", "--notify", "ftp://host")]
    public async Task Wait_WhatCannotBeWaitedFor_IsRefusedAtOnce(int exit, string code, params string[] words)
    {
        Finished wait = await RunAsync(["wait", "env=awsbatch", .. words]);

        Assert.Equal(exit, wait.ExitCode);
        Assert.Contains(code, wait.Error, StringComparison.Ordinal);
        Assert.Empty(wait.Output);
    }

    [Fact]
    public async Task Wait_RunInAnotherTerminal_ReturnsItsExitCode()
    {
        string runs = ScratchFolder.Make("runs");
        string go = Path.Combine(runs, "go");
        BuiltProgram program = new BuiltProgram().With("REFRAG_RUNS", runs);
        Assert.Equal(0, (await program.RunAsync("run", "env.job_name=done", "--", "true")).ExitCode);
        using Process run =
            program.Start("run", "env.job_name=here", "--", "sh", "-c", $"echo begun; until test -e {go}; do sleep 0.1; done; exit 9");
        Assert.Equal("begun", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon());

        Process waiting = program.Start("wait", "done", "here", "env=local", "--json");
        await EndOfOneAsync(waiting);
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        Finished wait = await BuiltProgram.FinishAsync(waiting, TestContext.Current.CancellationToken);

        Assert.Equal(9, wait.ExitCode);
        JsonNode[] lines = Lines(wait);
        Assert.Equal(("here", "FAILED", 9), ((string?)lines[0]["jobName"], (string?)lines[0]["status"], (int?)lines[0]["exitCode"]));
        Assert.Matches(@"^done and 1 more: 1 of 2 jobs succeeded, 1 failed in (\d+m )?\d+s \(.+\)$", (string?)lines[1]["text"]);
        await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);
    }

    // More failures than the six attempts of one request. (RetryLimits)
    [Fact]
    public async Task RunWatch_BatchIsAwayForAWhile_FollowsTheJobToItsEnd()
    {
        const string Describe = "/v1/describejobs";
        await using FaultProxy proxy = new FaultProxy(new Uri(server.Url),
            (path, before) => path == Describe && before < 9 ? Fault.Unavailable : Fault.None).Start();

        Finished run = await RunAsync(["run", .. s_small, $"env.endpoint_url={proxy.Endpoint}", "--watch", "--", "echo", "done"]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("done\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("No answer, asking again for up to 5 minutes", run.Error, StringComparison.Ordinal);
        Assert.True(proxy.Count(Describe) > 9);
    }

    // Once it has reported the end of one job it waits for the other.
    private static async Task EndOfOneAsync(Process wait) =>
        Assert.Contains(
            "\"jobName\":\"done\"", await wait.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon(),
            StringComparison.Ordinal);

    private async Task<string> SubmitAsync(params string[] words)
    {
        Finished run = await RunAsync(["run", .. s_small, "--json", .. words]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }

    private async Task<Finished> RunAsync(params string[] words) => await (await server.ClientAsync()).RunAsync(words);

    private async Task EndAsync(string id)
    {
        Finished ended = await RunAsync("terminate", id, "env=awsbatch", "--yes");

        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uuid();

    private static JsonNode[] Lines(Finished run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}

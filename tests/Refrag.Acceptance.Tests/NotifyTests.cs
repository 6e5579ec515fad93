using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Served;

namespace Refrag.Acceptance.Tests;

/// <summary><c>--notify</c>: at the end of runs and sweeps here and on a server, and of <c>refrag wait</c>.</summary>
public sealed class NotifyTests(ServedBatch server) : IClassFixture<ServedBatch>
{
    private const string Password = "pa55word-of-a-job";

    private static readonly string[] s_small = ["env=awsbatch", "env.vcpus=1", "env.memory=64MiB"];

    [Fact]
    public async Task Run_OnThisMachine_SendsCountsAndTimeAndNoSecret()
    {
        await using HookServer hook = new();

        Finished run = await new BuiltProgram().With("LOCAL_TOKEN", Password).RunAsync(
            "run", "env.job_name=mine", $"+env.environment.TOKEN={Password}", "--notify", hook.Url, "--", "sh", "-c",
            $"exit 4 # {Password}");

        Assert.Equal(4, run.ExitCode);
        JsonNode body = JsonNode.Parse(Assert.Single(hook.Bodies))!;
        Assert.Matches(@"^mine: failed in (\d+m )?\d+s \(.+\)$", (string?)body["text"]);
        Assert.Equal(("mine", "failed", 1, 1, 4),
            ((string?)body["name"], (string?)body["state"], (int?)body["jobs"], (int?)body["failed"], (int?)body["exitCode"]));
        Assert.Null(body["usdAtLeast"]);
        Assert.DoesNotContain(Password, hook.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain(HookServer.Secret, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OnThisMachine_SendsItsCountsAndItsManifestHasNoUrl()
    {
        await using HookServer hook = new();
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "m.jsonl");

        Finished run = await new BuiltProgram().RunAsync(
            "run", "-m", "env.job_name=swept", "--manifest", manifest, "--notify", hook.Url, "--", "sh", "-c", "test $0 != x=2", "x=1,2,3");

        Assert.Equal(1, run.ExitCode);
        JsonNode body = JsonNode.Parse(Assert.Single(hook.Bodies))!;
        Assert.StartsWith("swept: 2 of 3 jobs succeeded, 1 failed in ", (string?)body["text"], StringComparison.Ordinal);
        Assert.DoesNotContain(
            HookServer.Secret, await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WatchedOnAServer_SendsTheEnd()
    {
        await using HookServer hook = new();

        Finished run = await RunAsync(
            ["run", .. s_small, "env.job_name=far", "env.array_size=2", "--watch", "--notify", hook.Url, "--", "true"]);

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode body = JsonNode.Parse(Assert.Single(hook.Bodies))!;
        Assert.Equal(("far", "succeeded", 2), ((string?)body["name"], (string?)body["state"], (int?)body["succeeded"]));
        Assert.Contains((string)Assert.Single(body["jobIds"]!.AsArray())!, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_WatchedOnAServer_SendsTheEnd()
    {
        await using HookServer hook = new();
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "m.jsonl");

        Finished run = await RunAsync(
        [
            "run", "-m", .. s_small, "env.job_name=swept", "--manifest", manifest, "--watch", "--notify", hook.Url, "--", "echo", "x=1,2",
        ]);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.StartsWith(
            "swept: all 2 jobs succeeded in ", (string?)JsonNode.Parse(Assert.Single(hook.Bodies))!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotWatched_IsRefusedBeforeAnythingIsSent()
    {
        await using HookServer hook = new();

        Finished run = await RunAsync(["run", .. s_small, "--notify", hook.Url, "--", "true"]);
        Finished sweep = await RunAsync(["run", "-m", .. s_small, "--notify", hook.Url, "--", "echo", "x=1,2"]);

        Assert.Equal((64, 64), (run.ExitCode, sweep.ExitCode));
        Assert.Contains("RF8073", run.Error, StringComparison.Ordinal);
        Assert.Contains("RF8073", sweep.Error, StringComparison.Ordinal);
        Assert.Empty(hook.Requests);
    }

    [Fact]
    public async Task Wait_NotifyByACommand_GetsTheLine()
    {
        Finished run = await RunAsync(["run", .. s_small, "env.job_name=mailed", "--json", "--", "true"]);
        string id = (string)JsonNode.Parse(run.Output)!["jobId"]!;
        string mail = Path.Combine(ScratchFolder.Make("mail"), "mail");

        Finished wait = await RunAsync("wait", id, "env=awsbatch", "--notify", $"cat >{mail}; echo to $REFRAG_NOTIFY_NAME");

        Assert.Equal(0, wait.ExitCode);
        Assert.Equal(wait.Output, await File.ReadAllTextAsync(mail, TestContext.Current.CancellationToken));
        Assert.Equal("to mailed\n", wait.Error);
    }

    [Fact]
    public async Task Run_NothingListens_IsSaidOnceAndTheExitCodeIsTheJobs()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "--notify", HookServer.ClosedUrl, "--", "sh", "-c", "exit 6");

        Assert.Equal(6, run.ExitCode);
        Assert.Equal(2, run.Error.Split("RF8074").Length);
        Assert.DoesNotContain(HookServer.Secret, run.Output + run.Error, StringComparison.Ordinal);
    }

    private async Task<Finished> RunAsync(params string[] words) => await (await server.ClientAsync()).RunAsync(words);
}

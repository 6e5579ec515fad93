using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Spot first, then on demand: a run and a sweep that are watched, on instances that are taken away.</summary>
[Trait("Peer", "boto3")]
public sealed class FallbackTests(ServedFallback server) : IClassFixture<ServedFallback>
{
    [Fact]
    public async Task Run_HostsReclaimed_EndsInTheOnDemandQueueAndTellsTheChain()
    {
        BuiltProgram client = await server.ClientAsync();
        (Process run, string id) = await StartAsync(
            client, ["run", .. ServedFallback.Words(2), "--watch", "--", .. ServedFallback.EndsOnDemand]);
        await server.ReclaimAsync(id, 2);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);
        Assert.True(end.ExitCode == 0, end.ToString());
        (string successor, string status) = Assert.Single(await server.SuccessorsAsync(id));

        Assert.Equal("SUCCEEDED", status);
        Assert.Contains(
            "spot=first: 2 attempts may lose the host on Spot, then on demand in refrag-cpu-on-demand-job-queue; this command moves it, "
                + "or refrag react (claims: on this machine alone)", end.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"reclaimed twice, moved to on-demand: {successor} in {ServedFallback.OnDemand}", end.Error, StringComparison.Ordinal);
        foreach (string one in (string[])[id, successor])
        {
            Assert.Contains($"reclaimed twice, moved to on-demand: {id} → {successor}",
                (await client.RunAsync("job", one, "env=awsbatch")).Output, StringComparison.Ordinal);
        }
        JsonNode job = JsonNode.Parse((await client.RunAsync("job", successor, "env=awsbatch", "--json")).Output)!;
        Assert.Equal([2, 0], job["chain"]!.AsArray().Select(one => (int)one!["reclaimed"]!));
        Assert.Contains($"the log continues in {successor}", (await client.RunAsync("logs", id, "env=awsbatch")).Error,
            StringComparison.Ordinal);
        Finished retry = await client.RunAsync("retry", id, "env=awsbatch");
        Assert.Equal(64, retry.ExitCode);
        Assert.Contains("RF8144", retry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AppThatFails_IsNotMoved()
    {
        (Process run, string id) = await StartAsync(
            await server.ClientAsync(), ["run", .. ServedFallback.Words(1), "--watch", "--", "sh", "-c", "exit 3"]);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.True(end.ExitCode == 3, end.ToString());
        Assert.Empty(await server.SuccessorsAsync(id));
    }

    [Fact]
    public async Task Run_WhatDependsOnAJobThatMayMove_IsRefusedOrHeldBack()
    {
        BuiltProgram client = await server.ClientAsync();
        Finished first = await client.RunAsync(["run", .. ServedFallback.Words(1), "--json", "--", "sleep", "600"]);
        string id = (string)JsonNode.Parse(first.Output)!["jobId"]!;
        string[] words = ["run", "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", $"env.depends_on=[{id}]"];
        Finished refused = await client.RunAsync([.. words, "--", "true"]);
        Assert.True(refused.ExitCode == 64, refused.ToString());
        Assert.Contains("RF8138", refused.Error, StringComparison.Ordinal);

        using Process held = client.Start([.. words, "--watch", "--", "true"]);
        using CancellationTokenSource limit = Eventually.Stop();
        string? line;
        do line = await held.StandardError.ReadLineAsync(limit.Token);
        while (line?.Contains("held back until", StringComparison.Ordinal) == false);
        Assert.NotNull(line);
        await client.RunAsync("terminate", id, "env=awsbatch", "--yes");
        Finished end = await BuiltProgram.FinishAsync(held, TestContext.Current.CancellationToken);
        Assert.True(end.ExitCode == 64, end.ToString());
        Assert.Contains("RF8145", end.Error, StringComparison.Ordinal);
        Assert.Empty(await server.SuccessorsAsync(id));
    }

    [Fact]
    public async Task Sweep_HostsReclaimed_MovesWhatHasLostThem()
    {
        BuiltProgram client = await server.ClientAsync();
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "moved.jsonl");
        (Process run, string id) = await StartAsync(
            client,
            [
                "run", "-m", .. ServedFallback.Words(1), "--watch", "--manifest", manifest, "--", .. ServedFallback.EndsOnDemand, "sh",
                "x=1,2",
            ]);
        await server.ReclaimAsync(id, 1, children: 2);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.True(end.ExitCode == 0, end.ToString());
        Assert.Contains("Job 1 has lost its hosts on Spot, and is submitted to the on-demand queue.", end.Error, StringComparison.Ordinal);
        string[] moved = [.. File.ReadAllLines(manifest).Where(line => line.Contains("\"onDemand\":true", StringComparison.Ordinal))];
        Assert.NotEmpty(moved);
    }

    private static async Task<(Process Run, string Id)> StartAsync(BuiltProgram client, string[] words)
    {
        Process run = client.Start(words);
        using CancellationTokenSource limit = Eventually.Stop();
        string submitted = await run.StandardOutput.ReadLineAsync(limit.Token) ?? await run.StandardError.ReadToEndAsync(limit.Token);
        Assert.StartsWith("Submitted ", submitted, StringComparison.Ordinal);
        return (run, submitted.Split(": ")[1]);
    }
}

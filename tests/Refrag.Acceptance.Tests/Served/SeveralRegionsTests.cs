using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>One job and several regions: where it goes, where it is found, and how it leaves a region that does not run it.</summary>
[Trait("Peer", "boto3")]
public sealed class SeveralRegionsTests(ServedPair server) : IClassFixture<ServedPair>
{
    private const string Submit = "/v1/submitjob";
    private const string Cancel = "/v1/canceljob";

    private readonly string _claims = new Uri(ScratchFolder.Make("claims")).AbsoluteUri;

    [Fact]
    public async Task Offers_ARegionThatIsClosed_IsLastAndSaysWhy()
    {
        BuiltProgram client = await server.ClientAsync();
        string[] words = ServedPair.Words(ServedPair.Closed, "us-east-1");
        Finished table = await client.RunAsync(["offers", .. words]);
        Assert.True(table.ExitCode == 0, table.ToString());
        Assert.Contains("the only region that takes it", table.Output, StringComparison.Ordinal);
        JsonNode[] lines = [.. (await client.RunAsync(["offers", .. words, "--json"])).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["us-east-1", ServedPair.Closed], lines.Select(line => (string)line["region"]!));
        Assert.Equal((1, null), ((int?)lines[0]["rank"], (int?)lines[1]["rank"]));
        Assert.True((decimal)lines[0]["hourlyUsd"]! > 0);
        Assert.Contains("is DISABLED and takes no jobs", (string)lines[1]["why"]!, StringComparison.Ordinal);

        Finished plan = await client.RunAsync(["run", .. words, "--dry-run", "--", "true"]);
        JsonNode planned = JsonNode.Parse(plan.Output)!;
        Assert.Equal(("us-east-1", 2), ((string?)planned["region"], planned["offers"]!.AsArray().Count));
        Assert.Contains("is DISABLED and takes no jobs", plan.Error, StringComparison.Ordinal);
        Finished refused = await client.RunAsync(
            ["run", "env=awsbatch", $"env.regions=[{ServedPair.Closed}]", "--", "true"]);
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("RF8181", refused.Error, StringComparison.Ordinal);
        Finished none = await client.RunAsync("offers", "env=awsbatch");
        Assert.Contains("RF8186", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbs_OnAJobOfAnotherRegion_FindItByItsIdAlone()
    {
        BuiltProgram client = await server.ClientAsync();
        string[] words = ["env=awsbatch", "env.region=ap-south-1", "env.vcpus=1", "env.memory=64MiB"];
        string id = Id(await client.RunAsync(["run", .. words, "--json", "--", "sh", "-c", "echo here; exec sleep 600"]));
        string other = Id(await client.RunAsync(
            ["run", "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "--json", "--", "sleep", "600"]));
        await Eventually.HoldsAsync(async () =>
            (await client.RunAsync("logs", id, "env=awsbatch")).Output.Contains("here", StringComparison.Ordinal));

        // Its beginning is enough, and what the environment says of a region counts less.
        Finished job = await client.RunAsync("job", id[..13], "env=awsbatch", "env.region=eu-west-1");
        Assert.Contains("region      ap-south-1", job.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await client.RunAsync("why", id, "env=awsbatch")).ExitCode);
        Finished both = await client.RunAsync("terminate", id, other, "env=awsbatch", "--yes");
        Assert.Equal(64, both.ExitCode);
        Assert.Contains("RF8183", both.Error, StringComparison.Ordinal);
        // Another machine asks the regions that it names.
        BuiltProgram elsewhere = await server.ClientAsync();
        Assert.Equal(66, (await elsewhere.RunAsync("terminate", id, "env=awsbatch", "--yes")).ExitCode);
        Finished ended = await elsewhere.RunAsync("terminate", id, "env=awsbatch", "env.regions=[us-east-1,ap-south-1]", "--yes");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        await Eventually.HoldsAsync(async () => (await server.JobAsync("ap-south-1", id)).Status == "FAILED");
        // It was asked once, and is known now.
        string again = Id(await elsewhere.RunAsync("retry", id, "env=awsbatch", "--json"));
        Assert.Equal(0, (await elsewhere.RunAsync("terminate", again, "env=awsbatch", "--yes")).ExitCode);
        await client.RunAsync("terminate", other, "env=awsbatch", "--yes");
    }

    [Fact]
    public async Task Run_RegionWithoutCapacity_EndsInTheNextAndTellsTheChain()
    {
        BuiltProgram client = await server.ClientAsync();
        Finished run = await client.RunAsync(
            ["run", .. ServedPair.Words("us-west-2", "us-east-1"), "--watch", "--json", "--", "sh", "-c", "echo done"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode[] reports =
            [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["us-west-2", "us-east-1"], reports.Select(report => (string)report["region"]!));
        string[] ids = [.. reports.Select(report => (string)report["jobId"]!)];

        Assert.Equal(ids[1], Assert.Single(await server.SuccessorsAsync("us-east-1", ids[0])).Id);
        foreach (string id in ids)
        {
            Assert.Contains($"moved to us-east-1: {ids[0]} → {ids[1]}", (await client.RunAsync("job", id, "env=awsbatch")).Output,
                StringComparison.Ordinal);
        }
        Assert.Contains($"was moved to us-east-1; the log continues in {ids[1]}",
            (await client.RunAsync("logs", ids[0], "env=awsbatch")).Error, StringComparison.Ordinal);
        Assert.Contains("RF8144", (await client.RunAsync("retry", ids[0], "env=awsbatch")).Error, StringComparison.Ordinal);
        Assert.Contains("done", (await client.RunAsync("logs", ids[1], "env=awsbatch")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task React_TwoHostsAndAWatchedRunWithLostAnswers_MoveItOnceAndNeverBeforeItsEnd()
    {
        // The run's first submission is the job itself. Of each host the first cancellation and the first successor lose their answers.
        await using FaultProxy forRun = Proxy((path, before) => before == (path == Submit ? 1 : 0));
        await using FaultProxy forFirst = Proxy((_, before) => before == 0);
        await using FaultProxy forSecond = Proxy((_, before) => before == 0);
        using Process first = await ReactAsync(forFirst.Endpoint);
        using Process second = await ReactAsync(forSecond.Endpoint);
        BuiltProgram client = await ClientAsync(forRun.Endpoint);
        using Process run = client.Start(
            ["run", .. ServedPair.Words("us-west-2", "us-east-1", $"env.claims={_claims}"), "--watch", "--", "true"]);
        using CancellationTokenSource limit = Eventually.Stop();
        string id = (await run.StandardOutput.ReadLineAsync(limit.Token))!.Split(": ")[1];
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);
        await EndAsync(first);
        await EndAsync(second);

        Assert.True(end.ExitCode == 0, end.ToString());
        (string successor, string status, long createdAt) = Assert.Single(await server.SuccessorsAsync("us-east-1", id));
        Assert.Equal("SUCCEEDED", status);
        (string old, string reason, long stoppedAt) = await server.JobAsync("us-west-2", id);
        Assert.Equal("FAILED", old);
        Assert.StartsWith("refrag moves it to us-east-1: blocked in us-west-2", reason, StringComparison.Ordinal);
        Assert.True(stoppedAt <= createdAt, $"{stoppedAt} {createdAt}");
        Finished listed = await client.RunAsync("react", "--status", "env=awsbatch", $"env.claims={_claims}", "--json");
        JsonNode claim = JsonNode.Parse(Assert.Single(
            listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains(id, StringComparison.Ordinal)))!;
        Assert.Equal((id, successor), ((string?)claim["jobId"], (string?)claim["movedTo"]));
    }

    [Fact]
    public async Task React_HostKilledAfterItHasCancelled_AnotherSubmitsTheJob()
    {
        await using FaultProxy forKilled = new FaultProxy(
            new Uri(server.Url), (path, _) => path == Cancel ? Fault.HoldAnswer : Fault.None).Start();
        BuiltProgram client = await server.ClientAsync();
        string id = Id(await client.RunAsync(
            ["run", .. ServedPair.Words("us-west-2", "us-east-1", $"env.claims={_claims}"), "--json", "--", "true"]));
        using (Process killed = await ReactAsync(forKilled.Endpoint))
        {
            await forKilled.Held.Soon();
            await EndAsync(killed);
        }
        await Eventually.HoldsAsync(async () => (await server.JobAsync("us-west-2", id)).Status == "FAILED");
        Assert.Empty(await server.SuccessorsAsync("us-east-1", id));
        // Whoever repeats it by hand would have it twice.
        string again = (await client.RunAsync("retry", id, "env=awsbatch")).Error;
        Assert.Contains("RF8184", again, StringComparison.Ordinal);
        Assert.Contains("refrag react --once refrag-cpu-job-queue env.region=us-west-2", again, StringComparison.Ordinal);
        Assert.DoesNotContain("refrag run", again, StringComparison.Ordinal);
        Finished refused = await client.RunAsync(
            "run", "env=awsbatch", "env.region=us-west-2", $"env.depends_on=[{id}]", "--", "true");
        Assert.Contains("RF8182", refused.Error, StringComparison.Ordinal);

        using Process wait = client.Start(["wait", id, "env=awsbatch", "--json"]);
        Finished other = await client.RunAsync(
            "react", "--once", "refrag-cpu-job-queue", "env.region=us-west-2", "env=awsbatch", $"env.claims={_claims}", "--json");
        Assert.Contains(other.Output.Split('\n'), line => line.Contains(id, StringComparison.Ordinal)
            && (string?)JsonNode.Parse(line)!["region"] == "us-east-1");
        string successor = Assert.Single(await server.SuccessorsAsync("us-east-1", id)).Id;

        // Who waits for the first waits for what is moved, where it is.
        Finished waited = await BuiltProgram.FinishAsync(wait, TestContext.Current.CancellationToken);
        Assert.True(waited.ExitCode == 0, waited.ToString());
        JsonNode[] lines =
            [.. waited.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(
            [(id, null, "FAILED"), (successor, id, "SUCCEEDED")],
            lines[..2].Select(line => ((string?)line["jobId"], (string?)line["retryOf"], (string?)line["status"])));
        Assert.Equal("succeeded", (string?)lines[2]["state"]);
        Assert.Equal(0, (await client.RunAsync("wait", id, "env=awsbatch")).ExitCode);
    }

    [Fact]
    public async Task React_AQueueThatOneRegionLacks_FollowsTheOthersAndSaysSo()
    {
        await server.PythonAsync(ServedFleets.Prelude + """
            queue("only-here", ["refrag-cpu-compute-env"])
            print("null")
            """);
        string[] words = ["env=awsbatch", "env.regions=[us-east-1,us-west-2]", $"env.claims={_claims}"];
        BuiltProgram client = await server.ClientAsync();
        Finished some = await client.RunAsync(["react", "--once", "only-here", "refrag-cpu-job-queue", .. words]);
        Assert.True(some.ExitCode == 0, some.ToString());
        Assert.Contains("Not followed: only-here in us-west-2: ", some.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Not followed: only-here in us-east-1", some.Error, StringComparison.Ordinal);
        // What no region has is a mistake.
        Finished none = await client.RunAsync(["react", "--once", "nowhere", .. words]);
        Assert.Equal(69, none.ExitCode);
    }

    [Fact]
    public async Task React_NoRegionTakesIt_IsLeftWhereItIsAndSaysSo()
    {
        BuiltProgram client = await server.ClientAsync();
        // Its other region is closed after it was submitted.
        string closed = Id(await client.RunAsync(
            ["run", .. ServedPair.Words("us-west-2", "us-west-1", $"env.claims={_claims}"), "--json", "--", "true"]));
        await server.PythonAsync("""
            there = boto3.client("batch", region_name="us-west-1")
            there.update_job_queue(jobQueue="refrag-cpu-job-queue", state="DISABLED")
            print("null")
            """);
        using Process react = await ReactAsync(new Uri(server.Url));
        using CancellationTokenSource limit = Eventually.Stop();
        string? line;
        do line = await react.StandardError.ReadLineAsync(limit.Token);
        while (line is not null && !(line.Contains("RF8185", StringComparison.Ordinal) && line.Contains(closed, StringComparison.Ordinal)));
        Assert.NotNull(line);
        await EndAsync(react);
        Assert.Equal("RUNNABLE", (await server.JobAsync("us-west-2", closed)).Status);
        await client.RunAsync("terminate", closed, "env=awsbatch", "--yes");
    }

    [Fact]
    public async Task Sweep_InOneOfTwoRegions_IsResumedThere()
    {
        BuiltProgram client = await server.ClientAsync();
        string manifest = Path.Combine(ScratchFolder.Make("sweep"), "regions.jsonl");
        Finished sweep = await client.RunAsync(
            [
                "run", "-m", "env=awsbatch", "env.regions=[ap-south-1,us-east-1]", "env.vcpus=1", "env.memory=64MiB",
                "--manifest", manifest, "--", "true", "x=1,2",
            ]);
        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        string header = File.ReadLines(manifest).First(line => line.Contains("\"sweep\"", StringComparison.Ordinal));
        string region = (string)JsonNode.Parse(header)!["region"]!;
        Assert.Contains($"region {region}, ", sweep.Error, StringComparison.Ordinal);
        Finished resumed = await client.RunAsync("run", "--resume", manifest, "--watch");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Contains("2 jobs", resumed.Error, StringComparison.Ordinal);
    }

    private static string Id(Finished submitted)
    {
        Assert.True(submitted.ExitCode == 0, submitted.ToString());
        return (string)JsonNode.Parse(submitted.Output)!["jobId"]!;
    }

    private FaultProxy Proxy(Func<string, int, bool> loses) => new FaultProxy(
        new Uri(server.Url), (path, before) => path is Submit or Cancel && loses(path, before) ? Fault.LoseAnswer : Fault.None).Start();

    private async Task<BuiltProgram> ClientAsync(Uri endpoint) =>
        (await server.ClientAsync()).With("AWS_ENDPOINT_URL_BATCH", endpoint.ToString().TrimEnd('/'));

    private async Task<Process> ReactAsync(Uri endpoint)
    {
        Process react = (await ClientAsync(endpoint)).Start(
            ["react", "env=awsbatch", "env.regions=[us-east-1,us-west-2]", $"env.claims={_claims}", "--interval", "1s"]);
        using CancellationTokenSource limit = Eventually.Stop();
        Assert.StartsWith("Following ", await react.StandardError.ReadLineAsync(limit.Token) ?? "", StringComparison.Ordinal);
        return react;
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
    }
}

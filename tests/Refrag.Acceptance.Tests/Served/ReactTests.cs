using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Several hosts that react to one job: lost answers, kills, and exactly one successor.</summary>
[Trait("Peer", "boto3")]
public sealed class ReactTests(ServedFallback server) : IClassFixture<ServedFallback>
{
    private const string Submit = "/v1/submitjob";

    private readonly string _claims = new Uri(ScratchFolder.Make("claims")).AbsoluteUri;

    [Fact]
    public async Task React_TwoHostsAndAWatchedRunWithLostAnswers_SubmitOneSuccessor()
    {
        // The first submission is the job itself, and that of the run arrives.
        await using FaultProxy forRun = Proxy((_, before) => before == 1 ? Fault.LoseAnswer : Fault.None);
        await using FaultProxy forFirst = Proxy((_, before) => before == 0 ? Fault.LoseAnswer : Fault.None);
        await using FaultProxy forSecond = Proxy((_, before) => before == 0 ? Fault.LoseAnswer : Fault.None);
        using Process first = await ReactAsync(forFirst.Endpoint);
        using Process second = await ReactAsync(forSecond.Endpoint);
        BuiltProgram client = await ClientAsync(forRun.Endpoint);
        using Process run = client.Start(
            ["run", .. ServedFallback.Words(1, $"env.claims={_claims}"), "--watch", "--", .. ServedFallback.EndsOnDemand]);
        using CancellationTokenSource limit = Eventually.Stop();
        string id = (await run.StandardOutput.ReadLineAsync(limit.Token))!.Split(": ")[1];

        await server.ReclaimAsync(id, 1);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);
        await EndAsync(first);
        await EndAsync(second);

        Assert.True(end.ExitCode == 0, end.ToString());
        (string successor, string status) = Assert.Single(await server.SuccessorsAsync(id));
        Assert.Equal("SUCCEEDED", status);
        Finished listed = await client.RunAsync("react", "--status", "env=awsbatch", $"env.claims={_claims}", "--json");
        JsonNode claim = JsonNode.Parse(Assert.Single(listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!;
        Assert.Equal((id, successor, 1), ((string?)claim["jobId"], (string?)claim["movedTo"], (int?)claim["claims"]));
        Assert.Contains(successor, (await client.RunAsync("react", "--status", "env=awsbatch", $"env.claims={_claims}")).Output,
            StringComparison.Ordinal);
    }

    // Killed after its claim: before its request has arrived, or after the job was submitted and before that was recorded.
    [Theory]
    [InlineData(Fault.LoseRequest)]
    [InlineData(Fault.HoldAnswer)]
    public async Task React_HostKilledAfterItsClaim_AnotherFinishesWhatItBegan(Fault fault)
    {
        await using FaultProxy forKilled = Proxy((_, _) => fault);
        BuiltProgram client = await server.ClientAsync();
        Finished submitted = await client.RunAsync(
            ["run", .. ServedFallback.Words(1, $"env.claims={_claims}"), "--json", "--", .. ServedFallback.EndsOnDemand]);
        string id = (string)JsonNode.Parse(submitted.Output)!["jobId"]!;
        await server.ReclaimAsync(id, 1);

        using (Process killed = await ReactAsync(forKilled.Endpoint, "--lease", "1m"))
        {
            await Eventually.HoldsAsync(() => forKilled.Count(Submit) > 0);
            if (fault == Fault.HoldAnswer) await forKilled.Held.Soon();
            await EndAsync(killed);
        }
        Assert.Equal(fault == Fault.HoldAnswer ? 1 : 0, (await server.SuccessorsAsync(id)).Count);
        using Process other = await ReactAsync(new Uri(server.Url));
        await Eventually.HoldsAsync(async () => JsonNode.Parse((await client.RunAsync(
            "react", "--status", "env=awsbatch", $"env.claims={_claims}", "--json")).Output)!["movedTo"] is not null);
        await EndAsync(other);

        Assert.Single(await server.SuccessorsAsync(id));
    }

    [Fact]
    public async Task React_OnAnotherMachineWithoutAStore_SaysWhereTheClaimsAre()
    {
        BuiltProgram client = await server.ClientAsync();
        Finished submitted = await client.RunAsync(["run", .. ServedFallback.Words(1), "--json", "--", .. ServedFallback.EndsOnDemand]);
        string id = (string)JsonNode.Parse(submitted.Output)!["jobId"]!;
        Assert.Contains("without --watch, refrag react moves it where it runs", submitted.Error, StringComparison.Ordinal);
        await server.ReclaimAsync(id, 1);

        // Whoever moves it would submit it a second time.
        Finished again = await client.RunAsync("retry", id, "env=awsbatch");
        Assert.Equal(64, again.ExitCode);
        Assert.Contains("RF8147", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("refrag run", again.Error, StringComparison.Ordinal);

        // Another state folder is another machine.
        Finished elsewhere = await (await server.ClientAsync()).RunAsync("react", "--once", "env=awsbatch");
        Assert.Contains("RF8140", elsewhere.Error, StringComparison.Ordinal);
        Assert.Empty(await server.SuccessorsAsync(id));
        Finished here = await client.RunAsync("react", "--once", "env=awsbatch");
        Assert.Contains($"{id}: reclaimed once, moved to on-demand", here.Output, StringComparison.Ordinal);
        Assert.Single(await server.SuccessorsAsync(id));
    }

    private FaultProxy Proxy(Func<string, int, Fault> decide) =>
        new FaultProxy(new Uri(server.Url), (path, before) => path == Submit ? decide(path, before) : Fault.None).Start();

    private async Task<BuiltProgram> ClientAsync(Uri endpoint) =>
        (await server.ClientAsync()).With("AWS_ENDPOINT_URL_BATCH", endpoint.ToString().TrimEnd('/'));

    private async Task<Process> ReactAsync(Uri endpoint, params string[] options)
    {
        Process react = (await ClientAsync(endpoint)).Start(
            ["react", "env=awsbatch", $"env.claims={_claims}", "--interval", "1s", .. options]);
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

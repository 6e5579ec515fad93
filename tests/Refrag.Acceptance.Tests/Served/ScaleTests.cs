using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Crash;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag scale</c> against simulated fleets: each test has a server and environments of its own.</summary>
[Trait("Peer", "boto3")]
public sealed class ScaleTests : IAsyncLifetime
{
    private const string Update = "/v1/updatecomputeenvironment";

    private const string ByDepth = """
        environment: cpu
        cool_down: 1m
        minimum:
          most: 16
          depth: [{from: 5, vcpus: 16}]
          lower_after: 1s
        """;

    private readonly ServedScale _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _claims = new Uri(ScratchFolder.Make("claims")).AbsoluteUri;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Apply_QueueOfManyJobs_RaisesTheMinimumOnceAndLowersItWhenTheyAreGone()
    {
        Assert.SkipUnless(CrashClock.IsAvailable, "libfaketime is not installed.");
        await WriteAsync("cpu", ByDepth);
        string[] jobs = await SubmitAsync(2000);
        BuiltProgram client = await ClientAsync();

        Finished plan = await ScaleAsync(client, "plan", "--json");
        Finished raised = await ScaleAsync(client, "apply", "--json");
        Finished again = await ScaleAsync(client, "apply", "--json");
        JsonNode environment = await EnvironmentAsync();
        await EndAsync(jobs);
        Finished cooling = await ScaleAsync(client, "apply", "--json");
        Finished lowered = await ScaleAsync(CrashClock.Set(client, TimeSpan.FromMinutes(2)), "apply", "--json");

        JsonNode planned = Assert.Single(Lines(plan));
        Assert.Equal(("planned", "minimum", 0, 16),
            ((string?)planned["state"], (string?)planned["bound"], (int?)planned["from"], (int?)planned["to"]));
        JsonNode changed = Assert.Single(Lines(raised));
        Assert.Equal(("changed", 0, 16, "cpu"),
            ((string?)changed["state"], (int?)changed["from"], (int?)changed["to"], (string?)changed["policy"]));
        // The observation that caused it: what runs by then does not wait.
        Assert.InRange((int)changed["waiting"]!, 1500, 2000);
        Assert.Contains("jobs wait (16 vCPUs from 5 on)", (string)changed["reason"]!, StringComparison.Ordinal);
        Assert.Equal(16, (int)environment["minvCpus"]!);
        Assert.Empty(Lines(again));
        Assert.Empty(Lines(cooling));
        JsonNode back = Assert.Single(Lines(lowered));
        Assert.Equal((16, 0, 0), ((int?)back["from"], (int?)back["to"], (int?)back["waiting"]));
        Assert.Equal(0, (int)(await EnvironmentAsync())["minvCpus"]!);
    }

    [Fact]
    public async Task Watch_TwoHostsAtOnce_MakeEachChangeOnce()
    {
        await WriteAsync("cpu", ByDepth);
        await SubmitAsync(200);
        await using FaultProxy one = new FaultProxy(new Uri(_server.Url), (_, _) => Fault.None).Start();
        await using FaultProxy two = new FaultProxy(new Uri(_server.Url), (_, _) => Fault.None).Start();
        using Process first = (await ClientAsync(one)).Start("scale", "watch", "--interval", "1s", "--json", $"env.claims={_claims}");
        using Process second = (await ClientAsync(two)).Start("scale", "watch", "--interval", "1s", "--json", $"env.claims={_claims}");

        await Eventually.HoldsAsync(async () => (int)(await EnvironmentAsync())["minvCpus"]! == 16);
        // Both have looked again since.
        int looks = Looks(one), others = Looks(two);
        await Eventually.HoldsAsync(() => Looks(one) > looks + 4 && Looks(two) > others + 4);
        await KillAsync(first);
        await KillAsync(second);

        Assert.Equal(1, one.Count(Update) + two.Count(Update));
        string[] printed =
        [
            await first.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            await second.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
        ];
        Assert.Single(string.Concat(printed).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(Fault.LoseAnswer, 0)]
    [InlineData(Fault.LoseRequest, 2)]
    public async Task Apply_LostAnswer_ReadsWhetherTheChangeWasMade(Fault fault, int exitCode)
    {
        await WriteAsync("cpu", ByDepth);
        await SubmitAsync(200);
        await using FaultProxy proxy = new FaultProxy(new Uri(_server.Url), (path, _) => path == Update ? fault : Fault.None).Start();

        Finished apply = await ScaleAsync(await ClientAsync(proxy), "apply", "--json");

        Assert.Equal(exitCode, apply.ExitCode);
        Assert.Equal(exitCode == 0 ? 16 : 0, (int)(await EnvironmentAsync())["minvCpus"]!);
        Assert.Equal(exitCode == 0 ? 1 : 0, Lines(apply).Length);
    }

    [Fact]
    public async Task Apply_MaximumBelowWhatIsInUse_StepsDownToThatAndReportsTheRest()
    {
        await WriteAsync("cpu", "environment: cpu\nmaximum: {least: 2, most: 32, budget: month}\n");
        await File.WriteAllTextAsync(
            _folder.At("conf/budgets.yaml"), "budgets: [{name: month, usd: 0.01}]", TestContext.Current.CancellationToken);
        string[] jobs = await SubmitAsync(8);
        int desired = (int)(await _server.PythonAsync($$"""
            def desired(): return batch.describe_compute_environments(
                computeEnvironments=["refrag-cpu-compute-env"])["computeEnvironments"][0]["computeResources"]["desiredvCpus"]
            until(lambda: len(batch.list_jobs(arrayJobId="{{jobs[0]}}", jobStatus="RUNNING")["jobSummaryList"]) == 8)
            print(desired())
            """))!;
        BuiltProgram client = await ClientAsync();

        Finished plan = await ScaleAsync(client, "plan", "--json");
        Finished apply = await ScaleAsync(client, "apply", "--json");

        Assert.InRange(desired, 8, 31);
        JsonNode planned = Assert.Single(Lines(plan));
        Assert.Equal((32, desired), ((int?)planned["from"], (int?)planned["to"]));
        Assert.Contains($"{desired} are in use, {desired - 2} more than that: the rest as instances end",
            (string)planned["reason"]!, StringComparison.Ordinal);
        Assert.Equal((32, desired), ((int?)Assert.Single(Lines(apply))["from"], (int?)Assert.Single(Lines(apply))["to"]));
        Assert.Equal(desired, (int)(await EnvironmentAsync())["maxvCpus"]!);
        // What it steps around: Batch refuses less. (github.com/ASFHyP3/hyp3/issues/2965)
        Finished refused = await _server.AwsAsync("batch", "update-compute-environment", "--compute-environment",
            "refrag-cpu-compute-env", "--compute-resources", "maxvCpus=2");
        Assert.Contains("desiredvCpus", refused.Error, StringComparison.Ordinal);
        await EndAsync(jobs);
    }

    [Fact]
    public async Task Apply_ScaleDownDelay_IsSetOnTheEnvironment()
    {
        await WriteAsync("cpu", "environment: cpu\nscale_down_delay: 45m\n");

        Finished apply = await ScaleAsync(await ClientAsync(), "apply");
        Finished plan = await ScaleAsync(await ClientAsync(), "plan");

        Assert.Contains("scale-down delay 0 → 45 min", apply.Output, StringComparison.Ordinal);
        Assert.Equal(45, (int)(await EnvironmentAsync())["scalingPolicy"]!["minScaleDownDelayMinutes"]!);
        Assert.Contains("none", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_FromAMachineWithOtherClaims_IsRefusedWithTheirPlace()
    {
        await WriteAsync("cpu", "environment: cpu\nscale_down_delay: 45m\n");
        await ScaleAsync(await ClientAsync(), "apply");

        Finished elsewhere = await (await ClientAsync()).RunAsync("scale", "apply");

        Assert.Equal(2, elsewhere.ExitCode);
        Assert.Contains("RF8166", elsewhere.Error, StringComparison.Ordinal);
        Assert.Contains($"{_claims}/scale", elsewhere.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("environment: cpuu\nscale_down_delay: 45m", "RF8165", "which does not exist")]
    [InlineData("environment: compute\nscale_down_delay: 45m", "RF8165", "a word of several")]
    [InlineData("environment: cpu\nqueues: refrag-cpu-job-queu\nscale_down_delay: 45m", "RF8167", "Did you mean refrag-cpu-job-queue?")]
    [InlineData("environment: cpu\nmaximum: {least: 2, most: 32, budget: monht}", "RF8168", "Did you mean month?")]
    [InlineData("environment: cpu\nminimum: {most: 8}\ncool_dwon: 5m", "RF8163", "Did you mean cool_down?")]
    public async Task Apply_PolicyThatFitsNothing_IsRefusedWithTheNearName(string policy, string code, string said)
    {
        await WriteAsync("cpu", policy);
        await File.WriteAllTextAsync(
            _folder.At("conf/budgets.yaml"), "budgets: [{name: month, usd: 1}]", TestContext.Current.CancellationToken);

        Finished apply = await ScaleAsync(await ClientAsync(), "apply");

        Assert.Equal(64, apply.ExitCode);
        Assert.StartsWith(code, apply.Error, StringComparison.Ordinal);
        Assert.Contains(said, apply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scale_WithoutWhatItNeeds_SaysWhatIsMissing()
    {
        BuiltProgram client = await ClientAsync();
        Finished none = await ScaleAsync(client, "plan");
        await WriteAsync("cpu", ByDepth);
        await WriteAsync("again", ByDepth);
        Finished twice = await ScaleAsync(client, "plan");
        Finished unknown = await ScaleAsync(client, "plan", "cpuu");
        Finished local = await client.RunAsync("scale", "apply", "env=local");
        Finished alone = await ScaleAsync(client, "plan", "--world", "world.yaml");

        Assert.Equal([64, 64, 64, 64, 64], [.. new[] { none, twice, unknown, local, alone }.Select(run => run.ExitCode)]);
        Assert.Contains("RF8164", none.Error, StringComparison.Ordinal);
        Assert.Contains("RF8175", twice.Error, StringComparison.Ordinal);
        Assert.Contains("RF8177 conf/scale has no scaling policy cpuu", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean cpu?", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("RF8169", local.Error, StringComparison.Ordinal);
        Assert.Contains("RF8169", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_Replay_ComparesWaitAndCostOfATraceInTheDeployedQueues()
    {
        await WriteAsync("cpu", ByDepth.Replace("lower_after: 1s", "lower_after: 1h", StringComparison.Ordinal));
        string bursts = string.Concat(Enumerable.Range(0, 16).Select(i => $"{i / 8 * 1800},60,2,1024\n"));
        await File.WriteAllTextAsync(
            _folder.At("trace.csv"), "submit_s,run_s,vcpus,memory_mib\n" + bursts, TestContext.Current.CancellationToken);
        BuiltProgram client = await ClientAsync();

        JsonNode[] lines = Lines(await ScaleAsync(client, "plan", "--replay", "trace.csv", "--json"));
        Finished table = await ScaleAsync(client, "plan", "--replay", "trace.csv");

        Assert.Equal([false, true], lines.Select(line => (bool)line["scaled"]!));
        Assert.Equal([0, 1], lines.Select(line => (int)line["changes"]!));
        // The second half of the jobs starts at once on what stayed.
        Assert.True((double)lines[1]["waitSeconds"]! < (double)lines[0]["waitSeconds"]!);
        Assert.True((double)lines[1]["usd"]! > (double)lines[0]["usd"]!);
        Assert.Contains("POLICIES", table.Output, StringComparison.Ordinal);
        Assert.Contains("in the world deployed", table.Error, StringComparison.Ordinal);
    }

    private Task<Finished> ScaleAsync(BuiltProgram client, params string[] words) =>
        client.RunAsync(["scale", .. words, $"env.claims={_claims}"]);

    private static int Looks(FaultProxy proxy) => proxy.Count("/v1/describecomputeenvironments");

    private static JsonNode[] Lines(Finished run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Soon();
    }

    private Task WriteAsync(string name, string policy)
    {
        Directory.CreateDirectory(_folder.At("conf/scale"));
        return File.WriteAllTextAsync(_folder.At($"conf/scale/{name}.yaml"), policy, TestContext.Current.CancellationToken);
    }

    private async Task<JsonNode> EnvironmentAsync() => await _server.PythonAsync("""
        print(json.dumps(batch.describe_compute_environments(
            computeEnvironments=["refrag-cpu-compute-env"])["computeEnvironments"][0]["computeResources"]))
        """);

    // An array of jobs that do not end by themselves, one vCPU each.
    private async Task<string[]> SubmitAsync(int jobs) =>
    [
        .. (await _server.PythonAsync(ServedFleets.Prelude + $$"""
            job = batch.submit_job(jobName="many", jobQueue="refrag-cpu-job-queue", jobDefinition=work, arrayProperties=dict(size={{jobs}}),
                containerOverrides=dict(environment=[dict(name="REFRAG_SIM_SECONDS", value=str(LONG))]))["jobId"]
            until(lambda: batch.list_jobs(arrayJobId=job, jobStatus="RUNNABLE")["jobSummaryList"]
                or batch.list_jobs(arrayJobId=job, jobStatus="RUNNING")["jobSummaryList"])
            print(json.dumps([job]))
            """)).AsArray().Select(job => (string)job!),
    ];

    private async Task EndAsync(string[] jobs) => await _server.PythonAsync($$"""
        for job in {{JsonSerializer.Serialize(jobs)}}:
            batch.terminate_job(jobId=job, reason="done")
            wait(job)
        print("null")
        """);

    private async Task<BuiltProgram> ClientAsync(FaultProxy? proxy = null)
    {
        BuiltProgram client = (await _server.ClientAsync() with { WorkingDirectory = _folder.Path }).With("REFRAG_ENV", "awsbatch");
        if (proxy is not null) client.With("AWS_ENDPOINT_URL_BATCH", proxy.Endpoint.ToString().TrimEnd('/'));
        return client;
    }

    private sealed class ServedScale : ServedBatch
    {
        protected override string[] Options => ["--fleet", "--runner", "simulated", "--instance-start", "1s"];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Costs of jobs whose instances were asked for, on fleets of our own server, which answers as ECS and EC2 do.</summary>
public sealed class MeasuredCostTests : IAsyncLifetime
{
    private static readonly string[] s_job =
        ["run", "env=awsbatch", "env.vcpus=1", "env.memory=64MiB", "env.job_name=measured", "--watch", "--", "sleep", "0.05"];

    private readonly TemporaryFolder _folder = new();
    private Process? _server;
    private string _url = "http://127.0.0.1:0";

    private string State => _folder.At("state");

    private string History => Path.Combine(State, "refrag", "history", "history.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    // The expectation is what AWS's own client reads of the instance, and the documented formula: time × share × Spot price. An instance
    // of the size large has two vCPUs, xlarge four, and so on. (EC2 User Guide, instance type names)
    [Fact]
    [Trait("Peer", "boto3")]
    public async Task CostReport_OfAJobThatWasWatched_IsItsShareOfTheInstanceThatBoto3Sees()
    {
        await StartAsync("simulated", "--clock", "3600");
        JsonNode host = await PythonAsync("""
            job = batch.submit_job(jobName="long", jobQueue="refrag-cpu-job-queue", jobDefinition="refrag-cpu-job-def",
                containerOverrides=dict(environment=[dict(name="REFRAG_SIM_SECONDS", value="31000000")],
                    resourceRequirements=[dict(type="VCPU", value="2"), dict(type="MEMORY", value="500")]))["jobId"]
            arn = until(lambda: (j := describe(job))["status"] == "RUNNING" and j["container"]["containerInstanceArn"])
            cluster = arn.split("/")[1]
            found = ecs.describe_container_instances(cluster=cluster, containerInstances=[arn, arn + "0"])
            one = found["containerInstances"][0]
            instance = ec2.describe_instances(InstanceIds=[one["ec2InstanceId"]])["Reservations"][0]["Instances"][0]
            price = ec2.describe_spot_price_history(InstanceTypes=[instance["InstanceType"]], ProductDescriptions=["Linux/UNIX"],
                AvailabilityZone=instance["Placement"]["AvailabilityZone"], StartTime=datetime.datetime.now(datetime.timezone.utc),
                EndTime=datetime.datetime.now(datetime.timezone.utc))["SpotPriceHistory"][0]["SpotPrice"]
            print(json.dumps(dict(job=job, type=instance["InstanceType"], lifecycle=instance["InstanceLifecycle"], price=price,
                attributes={a["name"]: a["value"] for a in one["attributes"]}, missing=[f["reason"] for f in found["failures"]])))
            """);

        Finished watch = await RunAsync("history", "watch", "env=awsbatch", "--once", "--json");
        JsonNode ended = await PythonAsync($$"""
            batch.terminate_job(jobId="{{(string)host["job"]!}}", reason="enough")
            until(lambda: describe("{{(string)host["job"]!}}")["status"] == "FAILED")
            print(json.dumps(describe("{{(string)host["job"]!}}")["attempts"][0]))
            """);
        // The history knows it as running still.
        Finished running = await RunAsync("cost", "report", "env=awsbatch", "--json", "--status", "RUNNING");
        Finished report = await RunAsync("cost", "report", "env=awsbatch", "--json");
        Finished text = await RunAsync("cost", "report", "env=awsbatch");
        Finished job = await RunAsync("job", (string)host["job"]!, "env=awsbatch", "--json");
        Finished screen = await RunAsync("job", (string)host["job"]!, "env=awsbatch");
        Finished wait = await RunAsync("wait", (string)host["job"]!, "env=awsbatch", "--json");

        Assert.Empty(Rows(running));
        Assert.True(watch.ExitCode == 0 && report.ExitCode == 0, $"{watch}{report}");
        Assert.Equal(1, (int)JsonNode.Parse(watch.Output)!["measured"]!);
        Assert.Equal("spot", (string?)host["lifecycle"]);
        Assert.Equal((string?)host["type"], (string?)host["attributes"]!["ecs.instance-type"]);
        Assert.Equal(["MISSING"], host["missing"]!.AsArray().Select(reason => (string?)reason));
        JsonNode row = Row(report);
        Assert.Equal("measured", (string?)row["basis"]);
        decimal hours = ((long)ended["stoppedAt"]! - (long)ended["startedAt"]!) / 3_600_000m;
        decimal expected = hours * 2 / VCpus((string)host["type"]!) * decimal.Parse((string)host["price"]!, CultureInfo.InvariantCulture);
        Assert.InRange((decimal)row["usd"]!, expected * 0.999m, expected * 1.001m);
        Assert.Equal((decimal)row["usd"]!, (decimal)row["measuredUsd"]!);
        string source = $"measured: {(string?)host["type"]} on Spot, the Spot price of its zone then";
        Assert.Contains(source, text.Error, StringComparison.Ordinal);
        Assert.Empty(watch.Error);
        // Whoever prints a cost prints the same one.
        JsonNode shown = JsonNode.Parse(job.Output)!;
        Assert.Equal(("measured", source), ((string?)shown["costBasis"], (string?)shown["costAssumes"]));
        Assert.Equal((decimal)row["usd"]!, (decimal)shown["costUsd"]!);
        Assert.Contains($" so far ({source})", screen.Output, StringComparison.Ordinal);
        JsonNode ending = JsonNode.Parse(wait.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        Assert.Equal("measured", (string?)ending["costBasis"]);
        Assert.Contains(", measured", (string?)ending["text"], StringComparison.Ordinal);
        Assert.InRange((decimal)ending["usdAtLeast"]!, (decimal)row["usd"]! - 0.0001m, (decimal)row["usd"]! + 0.0001m);
    }

    // Batch forgets a job after seven days; here it is forgotten with the server's state.
    [Fact]
    public async Task CostReport_JobThatBatchHasForgotten_IsTakenFromTheHistory()
    {
        // The second server needs the port of the first: one below those that systems hand out, so that no other test has it by then.
        _url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RandomNumberGenerator.GetInt32(20_000, 32_000)}");
        await StartAsync("process");
        Finished run = await RunAsync(s_job);
        JsonNode known = Row(await RunAsync("cost", "report", "env=awsbatch", "--json"));
        await StopAsync();
        await StartAsync("process");

        Finished report = await RunAsync("cost", "report", "env=awsbatch", "--json", "--since", "1d");
        Finished others = await RunAsync("cost", "report", "env=awsbatch", "--json", "--name", "another");
        Finished text = await RunAsync("cost", "report", "env=awsbatch");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
        JsonNode remembered = Row(report);
        Assert.Equal(("measured", 0), ((string?)known["basis"], (int)known["remembered"]!));
        Assert.Equal(("measured", 1, 1), ((string?)remembered["basis"], (int)remembered["jobs"]!, (int)remembered["remembered"]!));
        Assert.Equal((decimal)known["usd"]!, (decimal)remembered["usd"]!);
        Assert.Empty(Rows(others));
        Assert.Contains("1 of the jobs are known to the history on this machine alone", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DamagedHistory_IsOneWarningAndRuns()
    {
        await StartAsync("process");
        Directory.CreateDirectory(Path.GetDirectoryName(History)!);
        await File.WriteAllTextAsync(History, new string('x', 5000), TestContext.Current.CancellationToken);

        Finished run = await RunAsync(s_job);
        Finished report = await RunAsync("cost", "report", "env=awsbatch", "--json");
        Finished watch = await RunAsync("history", "watch", "env=awsbatch", "--once");

        Assert.Equal((0, 0, 69), (run.ExitCode, report.ExitCode, watch.ExitCode));
        Assert.All([run, report, watch], one => Assert.Equal(2, one.Error.Split("RF8100").Length));
        Assert.Equal("assumed", (string?)Row(report)["basis"]);
    }

    [Fact]
    public async Task Run_FullDisk_IsOneWarningAndRuns()
    {
        using SmallDisk disk = await SmallDisk.MountAsync(State, 1);
        if (!disk.IsMounted) Assert.Skip("Only root may mount a disk.");
        await StartAsync("process");
        disk.Fill();

        Finished run = await RunAsync(s_job);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(2, run.Error.Split("RF8100").Length);
    }

    [Fact]
    public async Task Watch_OfThisMachine_IsRefused()
    {
        Finished watch = await RunAsync("history", "watch", "env=local", "--once");

        Assert.Equal(64, watch.ExitCode);
        Assert.Contains("RF8104", watch.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CostReport_CurOfTheTask_IsBilled()
    {
        await StartAsync("process");
        Finished run = await RunAsync(s_job);
        Finished id = await RunAsync("jobs", "measured", "env=awsbatch", "--json");
        Finished job = await RunAsync("job", (string)JsonNode.Parse(id.Output)!["jobId"]!, "env=awsbatch", "--json");
        string task = $"arn:aws:ecs:us-east-1:000000000000:task/refrag-local/{TaskOf(job)}";
        string file = _folder.At("cur.csv");
        await File.WriteAllTextAsync(file, $"""
            line_item_resource_id,line_item_usage_start_date,line_item_usage_end_date,split_line_item_split_cost,split_line_item_unused_cost
            {task},2020-01-01T00:00:00Z,2099-01-01T00:00:00Z,1.25,0.5

            """, TestContext.Current.CancellationToken);

        Finished report = await RunAsync("cost", "report", "env=awsbatch", "--json", "--cur", file);
        Finished missing = await RunAsync("cost", "report", "env=awsbatch", "--cur", _folder.At("none.csv"));

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode row = Row(report);
        Assert.Equal(("billed", 1.75m, 1.75m), ((string?)row["basis"], (decimal)row["usd"]!, (decimal)row["billedUsd"]!));
        Assert.Equal(64, missing.ExitCode);
        Assert.Contains("RF8105", missing.Error, StringComparison.Ordinal);
    }

    // The id of a task ends the name of its log stream. (UG using_cloudwatch_logs: jobDefinitionName/default/ecs_task_id)
    private static string TaskOf(Finished job)
    {
        string stream = (string)JsonNode.Parse(job.Output)!["attempts"]![0]!["logStream"]!;
        return stream[(stream.LastIndexOf('/') + 1)..];
    }

    private static int VCpus(string type) => type.Split('.')[1] switch
    {
        "large" => 2,
        "xlarge" => 4,
        var size => 4 * int.Parse(size[..size.IndexOf('x', StringComparison.Ordinal)], CultureInfo.InvariantCulture),
    };

    private static JsonNode Row(Finished report) => Assert.Single(Rows(report));

    // The server's own bill, which comes last, is not a row.
    private static JsonNode[] Rows(Finished report)
    {
        Assert.True(report.ExitCode == 0, report.ToString());
        return [.. report.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(line => line["by"] is not null)];
    }

    private async Task StartAsync(string runner, params string[] more)
    {
        _server = new BuiltProgram().Start(
            ["serve", "--urls", _url, "--state", _folder.At($"{Guid.NewGuid():N}"), "--fleet", "--runner", runner,
                "--allow-any-credentials", .. more]);
        _url = (await ServedBatch.ListeningOn(_server)).TrimEnd('/');
        _server.OutputDataReceived += static (_, _) => { };
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginErrorReadLine();
    }

    private async Task StopAsync()
    {
        if (_server is null) return;
        if (!_server.HasExited) _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync(CancellationToken.None);
        _server.Dispose();
        _server = null;
    }

    private BuiltProgram Client() => new BuiltProgram()
        .With("XDG_STATE_HOME", State).With("AWS_REGION", "us-east-1").With("AWS_DEFAULT_REGION", "us-east-1")
        .With("AWS_ACCESS_KEY_ID", "any").With("AWS_SECRET_ACCESS_KEY", "any").With("AWS_ENDPOINT_URL_BATCH", _url)
        .With("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", _url).With("AWS_ENDPOINT_URL_ECS", _url);

    private Task<Finished> RunAsync(params string[] arguments) => Client().RunAsync(arguments);

    private async Task<JsonNode> PythonAsync(string source)
    {
        string prelude = $$"""
            import boto3, datetime, json, time
            batch, ecs, ec2 = boto3.client("batch"), boto3.client("ecs"), boto3.client("ec2")
            def describe(job): return batch.describe_jobs(jobs=[job])["jobs"][0]
            def until(question):
                end = time.monotonic() + {{Eventually.Limit.TotalSeconds}}
                while time.monotonic() < end:
                    if (answer := question()): return answer
                    time.sleep(0.05)
                raise TimeoutError()

            """;
        Finished run = await BuiltProgram.FinishAsync(
            Client().With("AWS_ENDPOINT_URL_EC2", _url).StartProgram(Stock.Python, "-c", prelude + source),
            TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }
}

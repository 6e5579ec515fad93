using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Every command that looks, against our own server with real processes.</summary>
[Trait("Peer", "boto3")]
public sealed class SeeServedTests(ServedBatch served) : IClassFixture<ServedBatch>
{
    [Fact]
    public async Task Logs_TwoAttempts_AreFollowedToTheLastLineOfBoth()
    {
        string id =
            await SubmitAsync(
                """submit("two", define("two", ["sh", "-c", "sleep 1; seq 1 20000; test $AWS_BATCH_JOB_ATTEMPT -ge 2"], """
                    + """retryStrategy={"attempts": 2}))""");

        Finished follow = await RunAsync("logs", id, "--follow");
        Finished second = await RunAsync("logs", id, "--attempt", "2", "--grep", "^1999[0-9]$");

        string[] once = [.. Enumerable.Range(1, 20_000).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal([.. once, .. once], Lines(follow));
        Assert.Equal(once[19_989..19_999], Lines(second));
    }

    [Fact]
    public async Task Logs_ArrayOfAHundred_EveryLineOfEveryChildOnce()
    {
        string id =
            await SubmitAsync(
                """submit("hundred", define("hundred", ["sh", "-c", "for i in 1 2 3 4 5; do echo $AWS_BATCH_JOB_ARRAY_INDEX-$i; done"]), """
                    + """arrayProperties={"size": 100})""");

        Finished follow = await RunAsync("logs", id, "-f");

        IEnumerable<string> expected = Enumerable.Range(0, 100)
            .SelectMany(child => Enumerable.Range(1, 5).Select(i => $"[{child}] {child}-{i}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Lines(follow).Order(StringComparer.Ordinal));
        foreach (IGrouping<string, string> child in Lines(follow).GroupBy(line => line.Split(' ')[0]))
            Assert.Equal(child.Order(StringComparer.Ordinal), child);
    }

    [Fact]
    public async Task Jobs_RunningAndPending_AreListedShownCancelledAndTerminated()
    {
        string[] ids = (await served.PythonAsync("""
            arn = define("sleep", ["sh", "-c", "echo here; sleep 300"])
            first = submit("see-first", arn, tags={"app": "see"})
            second = submit("see-second", arn, dependsOn=[{"jobId": first}], tags={"app": "see"})
            wait(first, statuses=("RUNNING",)), wait(second, statuses=("PENDING",))
            print(json.dumps([first, second]))
            """)).AsArray().Select(id => (string)id!).ToArray();

        JsonNode[] active = Json(await RunAsync("jobs", "see-*", "--status", "active", "--json"));
        JsonNode queue = Json(await RunAsync("queues", "refrag-cpu-job-queue", "--json")).Single();
        JsonNode why = Json(await RunAsync("why", ids[1], "--json")).Single();
        Finished top = await RunAsync("top");
        Finished cancelDry = await RunAsync("cancel", "see-*", "--dry-run");
        Finished cancel = await RunAsync("cancel", "see-*", "--yes", "--reason", "not today");
        Finished terminate = await RunAsync("terminate", "see-*", "--yes");
        await served.PythonAsync($"print(json.dumps(wait('{ids[0]}', '{ids[1]}')[0]['jobId']))");
        JsonNode first = Json(await RunAsync("job", ids[0], "--json")).Single();
        JsonNode second = Json(await RunAsync("job", ids[1], "--json")).Single();
        JsonNode whyFirst = Json(await RunAsync("why", ids[0], "--json")).Single();

        Assert.Equal(["PENDING", "RUNNING"], active.Select(j => (string?)j["status"]).Order(StringComparer.Ordinal));
        Assert.True((int)queue["jobs"]!["RUNNING"]! >= 1);
        Assert.Equal("dependency-open", (string?)why["causes"]![0]!["code"]);
        Assert.Contains("see-first", top.Output, StringComparison.Ordinal);
        Assert.Contains(ids[1], cancelDry.Output, StringComparison.Ordinal);
        Assert.Contains("left alone", cancelDry.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (cancel.ExitCode, terminate.ExitCode));
        Assert.Equal(("FAILED", "not today"), ((string?)second["status"], (string?)second["statusReason"]));
        Assert.Equal(("FAILED", "refrag terminate"), ((string?)first["status"], (string?)first["statusReason"]));
        Assert.Equal("ended-by-hand", (string?)whyFirst["causes"]![0]!["code"]);
    }

    // DescribeJobs shows the definition's nodes; what the submission asked for stands in each node.
    [Fact]
    public async Task Job_OfSeveralNodes_ShowsWhatWasAskedForAndNotTheDefinition()
    {
        string id = (string)(await served.PythonAsync("""
            needs = lambda vcpus, memory: [dict(type="VCPU", value=vcpus), dict(type="MEMORY", value=memory)]
            arn = batch.register_job_definition(jobDefinitionName="asked", type="multinode", nodeProperties=dict(mainNode=0, numNodes=2,
                nodeRangeProperties=[dict(targetNodes="0:1", container=dict(image="busybox", command=["true"],
                resourceRequirements=needs("2", "64")))]))["jobDefinitionArn"]
            id = submit("asked", arn, nodeOverrides=dict(nodePropertyOverrides=[dict(targetNodes="0:1",
                containerOverrides=dict(resourceRequirements=needs("1", "96")))]))
            wait(id)
            print(json.dumps(id))
            """))!;

        JsonNode job = Json(await RunAsync("job", id, "--json")).Single();
        Finished shown = await RunAsync("job", id);

        Assert.Equal("""{"vcpus":1,"memoryMiB":96,"gpus":0}""", job["resources"]!.ToJsonString());
        Assert.Matches("needs +2 nodes of 1 vCPU", shown.Output);
    }

    [Fact]
    public async Task Retry_FailedJob_RunsTheSameAgainWithALink()
    {
        string id =
            await SubmitAsync("""wait(submit("again", define("again", ["sh", "-c", "exit 4"]), tags={"app": "see"}))[0]["jobId"]""");

        JsonNode again = Json(await RunAsync("retry", id, "--json")).Single();
        JsonNode ended = await served.PythonAsync($"print(json.dumps(wait('{again["jobId"]}')[0]))");

        Assert.Equal(
            ("again", id, "see"), ((string?)ended["jobName"], (string?)ended["tags"]!["refrag:retry-of"], (string?)ended["tags"]!["app"]));
        Assert.Equal(4, (int?)ended["container"]!["exitCode"]);
    }

    [Fact]
    public async Task Reports_EndedJobs_AreCountedAndTheAccountIsHealthy()
    {
        await SubmitAsync("""wait(submit("counted", define("counted", ["true"]), tags={"app": "counted"}))[0]["jobId"]""");

        JsonNode[] cost = Json(await RunAsync("cost", "report", "--by", "app", "--json"));
        Finished doctor = await RunAsync("doctor");
        JsonNode[] checkedEnvironments =
            [.. Json(await RunAsync("doctor", "--json")).Where(line => line["computeEnvironment"] is not null)];
        Finished envs = await RunAsync("envs", "--json");

        Assert.Equal(
            Json(envs).Select(env => (string?)env["computeEnvironment"]),
            checkedEnvironments.Select(env => (string?)env["computeEnvironment"]));
        Assert.All(checkedEnvironments, env => Assert.Equal((true, "ok", false),
            ((bool)env["healthy"]!, (string?)env["health"], (bool)env["imageUpdateAvailable"]!)));
        Assert.Equal(1, (int?)cost.Single(g => (string?)g["key"] == "counted")["jobs"]);
        Assert.True(doctor.ExitCode == 0, doctor.ToString());
        Assert.All(Json(envs), env => Assert.Equal("ok", (string?)env["health"]));
    }

    [Fact]
    public async Task Job_Unknown_SaysWhereToLook()
    {
        Finished job = await RunAsync("job", "00000000-0000-0000-0000-000000000000");

        Assert.Equal(66, job.ExitCode);
        Assert.Contains("RF5023", job.Error, StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(string expression) => (string)(await served.PythonAsync($"print(json.dumps({expression}))"))!;

    private async Task<Finished> RunAsync(params string[] arguments)
    {
        BuiltProgram client = await served.ClientAsync();
        return await (client with { WorkingDirectory = Repository.Root }).RunAsync(
            [.. arguments, "env=awsbatch", $"env.endpoint_url={served.Url}"]);
    }

    private static string[] Lines(Finished run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonNode[] Json(Finished run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}

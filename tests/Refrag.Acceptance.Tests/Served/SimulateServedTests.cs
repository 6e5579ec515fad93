using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag simulate</c> against <c>refrag serve --fleet --clock</c>: its queues and its jobs.</summary>
public sealed class SimulateServedTests : IAsyncLifetime
{
    private readonly ServedClock _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Jobs_ThatWereServed_AreExportedAndSimulatedInTheDeployedQueues()
    {
        JsonNode ended = await _server.PythonAsync("""
            def run(name, seconds): return batch.submit_job(
                jobName=name, jobQueue="refrag-cpu-job-queue", jobDefinition="refrag-cpu-job-def",
                containerOverrides=dict(environment=[dict(name="REFRAG_SIM_SECONDS", value=str(seconds))]))["jobId"]
            ids = [run(f"job-{i}", 60 * (i + 1)) for i in range(4)]
            wait(*ids)
            print(json.dumps(ids))
            """);
        BuiltProgram client = await _server.ClientAsync();

        Finished exported = await client.RunAsync("simulate", "export", "env=awsbatch");
        await File.WriteAllTextAsync(
            Path.Combine(client.WorkingDirectory, "own.csv"), exported.Output, TestContext.Current.CancellationToken);
        Finished run = await client.RunAsync("simulate", "--trace", "own.csv", "env=awsbatch", "--json", "--set", "cpu.max_vcpus=64");

        Assert.True(exported.ExitCode == 0, exported.ToString());
        string[] lines = exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.All(ended.AsArray(), id => Assert.Contains((string)id!, exported.Output, StringComparison.Ordinal));
        // Run times as they were asked for. A start is noted after the program's begin, and each millisecond between is 60 on this clock.
        double[] runs = [.. lines[1..].Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)).Order()];
        Assert.All(runs.Index(), run => Assert.True(run.Item > (60 * (run.Index + 1)) - 30, $"{run}"));
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode world = JsonNode.Parse(run.Output)!;
        Assert.Equal(("deployed", 4), ((string?)world["world"], (int)world["all"]!["jobs"]!));
        Assert.NotNull(world["usd"]);
    }

    [Fact]
    public async Task Now_OfWaitingJobs_IsSimulatedWithTheRunTimeThatIsGiven()
    {
        await _server.PythonAsync("""
            for i in range(3): last = batch.submit_job(
                jobName=f"job-{i}", jobQueue="refrag-cpu-job-queue", jobDefinition="refrag-cpu-job-def",
                containerOverrides=dict(environment=[dict(name="REFRAG_SIM_SECONDS", value="31536000")]))
            batch.submit_job(jobName="later", jobQueue="refrag-cpu-job-queue", jobDefinition="refrag-cpu-job-def",
                dependsOn=[dict(jobId=last["jobId"])])
            until(lambda: len(batch.list_jobs(jobQueue="refrag-cpu-job-queue", jobStatus="RUNNING")["jobSummaryList"]) > 0)
            print("1")
            """);
        BuiltProgram client = await _server.ClientAsync();

        Finished unknown = await client.RunAsync("simulate", "--now", "env=awsbatch");
        Finished run = await client.RunAsync("simulate", "--now", "--run-time", "2h", "env=awsbatch", "--json");

        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("RF8159", unknown.Error, StringComparison.Ordinal);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(4, (int)JsonNode.Parse(run.Output)!["all"]!["jobs"]!);
        Assert.Contains("1 job waits for another job to end", run.Error, StringComparison.Ordinal);
    }

    private sealed class ServedClock : ServedBatch
    {
        protected override string[] Options => ["--fleet", "--runner", "simulated", "--clock", "60", "--instance-start", "90s"];
    }
}

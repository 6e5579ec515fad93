using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests;

/// <summary>
/// Runs of <c>env=local</c>, seen from another terminal: while they run, after their end, and after they were killed.
/// </summary>
public sealed class LocalSeeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-seen");

    public LocalSeeTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "conf/app"));
        File.WriteAllText(Path.Combine(_folder.FullName, "conf/config.yaml"), "defaults:\n  - app: mine\n  - env: local\n  - _self_\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "conf/app/mine.yaml"),
            "# @package _global_\napp:\n  name: mine\n  command: [sh, -c, 'echo begun; $then']\nthen: 'true'\n".Replace(
                "$then", "${then}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verbs_WhileItRuns_ReadItsStateAndItsLog()
    {
        using Process run = await BegunAsync("then=sleep 60", "env.array_size=2", "env.vcpus=1");

        JsonNode job = (await LinesAsync("jobs", "--status", "active")).Single();
        string id = (string)job["jobId"]!;
        JsonNode queue = (await LinesAsync("queues", "refrag-cpu-job-queue")).Single();
        Finished log = await UntilAsync(log => log.Output.Contains("[0] begun\n", StringComparison.Ordinal), "logs", id);
        Finished top = await Program.RunAsync("top", "env=local");
        Finished why = await Program.RunAsync("why", id, "env=local");

        Assert.Equal(("mine", "PENDING", 2), ((string?)job["jobName"], (string?)job["status"], (int?)job["arraySize"]));
        Assert.Equal(1, (int?)queue["jobs"]!["PENDING"]);
        Assert.True(log.ExitCode == 0, log.ToString());
        Assert.Contains("mine", top.Output, StringComparison.Ordinal);
        Assert.True(why.ExitCode is 0 or 2, why.ToString());
        await KillAsync(run);
    }

    [Fact]
    public async Task Terminate_WhileItRuns_EndsItInItsOwnProcess()
    {
        using Process run = await BegunAsync("then=sleep 60");
        string id = (string)(await LinesAsync("jobs", "--status", "active")).Single()["jobId"]!;

        Finished terminate = await Program.RunAsync("terminate", id, "--yes", "--reason", "enough", "env=local");
        Finished ended = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.True(terminate.ExitCode == 0, terminate.ToString());
        Assert.Equal(128 + 15, ended.ExitCode);
        Assert.Contains("enough", ended.Error, StringComparison.Ordinal);
        Assert.Equal("enough", (string?)(await LinesAsync("job", id)).Single()["statusReason"]);
    }

    [Fact]
    public async Task LogsFollow_RunEndsMeanwhile_HasEveryLine()
    {
        using Process run = await BegunAsync("then=until test -e go; do sleep 0.1; done; seq 3000");
        string id = (string)(await LinesAsync("jobs", "--status", "active")).Single()["jobId"]!;

        Process following = Program.Start("logs", id, "-f", "env=local");
        Assert.Equal("begun", await following.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "go"), "", TestContext.Current.CancellationToken);
        Finished follow = await BuiltProgram.FinishAsync(following, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 3000).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            follow.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Verbs_AfterItWasKilled_ShowItEndedWithTheReason()
    {
        using Process run = await BegunAsync("then=sleep 60");
        string id = (string)(await LinesAsync("jobs", "--status", "active")).Single()["jobId"]!;
        await KillAsync(run);

        JsonNode job = (await LinesAsync("job", id)).Single();
        Finished log = await Program.RunAsync("logs", id, "env=local");
        Finished why = await Program.RunAsync("why", id, "env=local", "--json");

        Assert.Equal("FAILED", (string?)job["status"]);
        Assert.Contains("was killed", (string?)job["statusReason"], StringComparison.Ordinal);
        Assert.Equal("begun\n", log.Output);
        Assert.Equal("refrag-killed", (string?)JsonNode.Parse(why.Output)!["causes"]![0]!["code"]);
        Assert.Empty(await LinesAsync("jobs", "--status", "active"));
    }

    [Fact]
    public async Task Jobs_SeveralRuns_AreMergedTheNewestFirst()
    {
        foreach (string name in (string[])["one", "two", "three"])
            Assert.Equal(0, (await Program.RunAsync("run", $"env.job_name={name}")).ExitCode);

        JsonNode[] jobs = await LinesAsync("jobs");
        JsonNode[] cost = await LinesAsync("cost", "report", "--by", "app");

        Assert.Equal(["three", "two", "one"], jobs.Select(j => (string?)j["jobName"]));
        Assert.Equal(3, (int?)cost.Single()["jobs"]);
    }

    [Fact]
    public async Task Run_StateCannotBeKept_SaysSoAndRuns()
    {
        Finished run = await Program.With("REFRAG_RUNS", "/dev/null/runs").RunAsync("run");

        Assert.Equal((0, "begun\n"), (run.ExitCode, run.Output));
        Assert.Contains("RF5030", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env.vcpus=1")]
    [InlineData("env.array_size=2")]
    [InlineData("env.nodes=2")]
    public async Task Retry_LocalJob_RunsTheSameAgainWithALink(string shape)
    {
        Finished first = await Program.RunAsync("run", "then=exit 3", shape);
        string old = (string)(await LinesAsync("jobs")).Single()["jobId"]!;

        Finished again = await Program.RunAsync("retry", old, "env=local");
        JsonNode job = (await LinesAsync("jobs")).First();

        Assert.Equal(3, first.ExitCode);
        Assert.True(again.ExitCode == 3, again.ToString());
        // The end of the main node ends the others, perhaps before they print.
        Assert.Contains("begun\n", again.Output, StringComparison.Ordinal);
        Assert.NotEqual(old, (string?)job["jobId"]);
        Assert.Equal(old, (string?)(await LinesAsync("job", (string)job["jobId"]!)).Single()["tags"]!["refrag:retry-of"]);
    }

    [Fact]
    public async Task Run_EnvironmentVariable_IsTheDefaultEnvironment()
    {
        Finished remote = await Program.With("REFRAG_ENV", "awsbatch").RunAsync("run", "--dry-run");
        Finished local = await Program.With("REFRAG_ENV", "awsbatch").RunAsync("run", "env=local");

        Assert.Contains("SubmitJob", remote.Output, StringComparison.Ordinal);
        Assert.Equal("begun\n", local.Output);
    }

    [Theory]
    [InlineData("0.01", 64)]
    [InlineData("5", 0)]
    public async Task Run_MaxCost_IsCheckedBeforeAnythingIsSent(string limit, int exit)
    {
        Finished one = await Program.RunAsync("run", "env=awsbatch", "--dry-run", "--max-cost", limit);
        Finished sweep =
            await Program.RunAsync("run", "-m", "env=awsbatch", "then=true,false", "--dry-run", "--max-cost", limit, "--hours", "2");

        Assert.Equal((exit, exit), (one.ExitCode, sweep.ExitCode));
        Assert.Contains("assumed", one.Error, StringComparison.Ordinal);
        Assert.Equal(exit == 0, sweep.Output.Contains("SubmitJob", StringComparison.Ordinal));
        if (exit != 0) Assert.Contains("RF2080", one.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private BuiltProgram Program =>
        new BuiltProgram { WorkingDirectory = _folder.FullName }.With("REFRAG_RUNS", Path.Combine(_folder.FullName, "runs"));

    private async Task<Process> BegunAsync(params string[] overrides)
    {
        Process run = Program.Start(["run", .. overrides]);
        string? line = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon();
        Assert.EndsWith("begun", line, StringComparison.Ordinal);
        return run;
    }

    private static async Task KillAsync(Process run)
    {
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Finished> UntilAsync(Predicate<Finished> there, params string[] arguments)
    {
        Finished? run = null;
        await Eventually.HoldsAsync(async () => there(run = await Program.RunAsync([.. arguments, "env=local"])));
        return run!;
    }

    private async Task<JsonNode[]> LinesAsync(params string[] arguments)
    {
        Finished run = await Program.RunAsync([.. arguments, "env=local", "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}

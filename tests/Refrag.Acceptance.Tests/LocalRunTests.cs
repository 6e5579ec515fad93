using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests;

/// <summary>What a new user does first: runs on this machine, from a clean checkout, without AWS.</summary>
public sealed class LocalRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-acceptance");

    [Fact]
    public async Task Run_HelloDist_PrintsTheMessage()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "app=hello_dist", "message=Hello from CPU");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Matches("^rank 0/1 on .+: Hello from CPU\n$", run.Output);
    }

    [Fact]
    public async Task Run_FourNodes_CallsTheRollInRankOrder()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "app=hello_dist", "nodes=4", "message=hi");

        Assert.True(run.ExitCode == 0, run.ToString());
        string[] greetings = [.. run.Output.Split('\n').Where(l => l.EndsWith(": hi", StringComparison.Ordinal))];
        Assert.Equal(["[0] rank 0/4", "[0] rank 1/4", "[0] rank 2/4", "[0] rank 3/4"], greetings.Select(g => g[..12]));
    }

    [Fact]
    public async Task Run_WorkerKilled_IsReportedByRank0()
    {
        using Process run = new BuiltProgram().Start("run", "app=hello_dist", "nodes=4", "message=hi", "hold=600", "gather_timeout=600");
        List<string> lines = [];
        await ReadUntilAsync(run.StandardOutput, lines,
            line => line.StartsWith("[0] rank 3/4", StringComparison.Ordinal) && line.EndsWith(": hi", StringComparison.Ordinal));

        Process.GetProcessById(Worker(run.Id, node: 2)).Kill();
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.True(end.ExitCode is not 0 and < 64, end.ToString());
        Assert.Contains("rank 2", end.Output + end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ChildFails_ExitCodeIsTheChilds()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo out; echo err >&2; exit 7']}");

        Finished run = await Mine().RunAsync("run", "app=mine");

        Assert.Equal((7, "out\n"), (run.ExitCode, run.Output));
        Assert.Contains("err\n", run.Error, StringComparison.Ordinal);
    }

    // As the entry point of a container.
    [Fact]
    public async Task Run_AsFirstProcess_ExitCodeIsTheChilds()
    {
        string[] alone = ["--pid", "--fork", "--mount-proc"];
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare"), "unshare is a program of Linux.");
        Finished allowed =
            await BuiltProgram.FinishAsync(
                new BuiltProgram().StartProgram("unshare", [.. alone, "true"]), TestContext.Current.CancellationToken);
        Assert.SkipUnless(allowed.ExitCode == 0, "This machine allows no process namespaces.");
        Configure("app: {name: mine, command: [sh, -c, 'echo out; exit 7']}");

        Finished run = await BuiltProgram.FinishAsync(
            Mine().StartProgram("unshare", [.. alone, BuiltProgram.Path, "run", "app=mine"]), TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 7, run.ToString());
        Assert.Equal("out\n", run.Output);
    }

    [Fact]
    public async Task Run_Command_HasTheVariablesOfBatchAndTorchrun()
    {
        Configure(
            "app: {name: mine, command: [sh, -c, 'echo $AWS_BATCH_JOB_ATTEMPT $AWS_BATCH_JQ_NAME $RANK $WORLD_SIZE $MASTER_ADDR $LR']}\n"
                + "lr: 0.5\nenv: {environment: {LR: '${lr}'}}");

        Finished run = await Mine().RunAsync("run", "app=mine", "lr=0.25");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal("1 refrag-cpu-job-queue 0 1 127.0.0.1 0.25\n", run.Output);
    }

    [Fact]
    public async Task Run_Json_PutsJsonAloneOnStandardOutput()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "app=hello_dist", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal(
            ("SUCCEEDED", 0, "refrag-cpu-job-queue"), ((string?)report["status"], (int?)report["exitCode"], (string?)report["jobQueue"]));
        Assert.Contains("rank 0/1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_EndsTheWholeProcessGroup()
    {
        string mark = Path.Combine(_folder.FullName, "ended");
        Configure($"app: {{name: mine, command: [sh, -c, 'trap \"echo ended > {mark}; exit 5\" TERM; sleep 600 & echo started; wait']}}");
        using Process run = Mine().StartInterruptible("run", "app=mine");
        await ReadUntilAsync(run.StandardOutput, [], line => line == "started");

        using Process kill = Process.Start("kill", ["-INT", $"{run.Id}"]);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal(130, end.ExitCode);
        Assert.True(File.Exists(mark), end.ToString());
    }

    [Fact]
    public async Task Run_TrainKilledAndRunAgain_EndsWithTheSameMetrics()
    {
        string[] arguments = ["run", "app=train", "epochs=6", "checkpoint_every=50"];
        Finished whole = await Mine().RunAsync([.. arguments, "output_dir=whole"]);
        Assert.True(whole.ExitCode == 0, whole.ToString());

        using (Process run = Mine().Start([.. arguments, "output_dir=broken"]))
        {
            await ReadUntilAsync(run.StandardOutput, [], line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
            run.Kill(entireProcessTree: true);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Finished again = await Mine().RunAsync([.. arguments, "output_dir=broken"]);

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(Metrics("whole"), Metrics("broken"));
    }

    [Fact]
    public async Task Run_Array_MarksEachChildsLinesAndPassesItsExitCode()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo here; exit $((AWS_BATCH_JOB_ARRAY_INDEX * 3))']}");

        Finished run = await Mine().RunAsync("run", "app=mine", "env.array_size=2");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(["[0] here", "[1] here"], run.Output.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    // What the launcher sends for env.retries: only the host and the image pull are tried again, never the app. (UG job_retries)
    [Theory]
    [InlineData("single", new string[0], 1)]
    [InlineData("array", new[] { "env.array_size=2" }, 2)]
    [InlineData("nodes", new[] { "env.nodes=2" }, 2)]
    public async Task Run_WithRetriesAndAnAppThatFails_IsTriedOnce(string kind, string[] shape, int starts)
    {
        string marks = Path.Combine(_folder.FullName, kind);
        // The end of the main node ends the others, perhaps before they have begun: it waits for them.
        int awaited = kind == "nodes" ? starts : 1;
        Configure(
            $"app: {{name: mine, command: [sh, -c, 'echo started >> {marks}; until [ $(wc -l < {marks}) -ge {awaited} ]; do sleep 0.05; "
                + "done; exit 3']}");

        Finished run = await Mine().RunAsync(["run", "app=mine", "env.retries=2", .. shape]);

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(starts, File.ReadAllLines(marks).Length);
    }

    [Fact]
    public async Task Run_Sweep_RunsEachCombination()
    {
        Configure("app: {name: mine, command: [echo, '${a}-${b}']}\na: 0\nb: 0");

        Finished run = await Mine().RunAsync("run", "-m", "app=mine", "a=1,2", "b=3,4");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(
            ["1-3", "1-4", "2-3", "2-4"], run.Output.TrimEnd().Split('\n').Select(l => l.Split("] ")[^1]).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private BuiltProgram Mine() => new() { WorkingDirectory = _folder.FullName };

    private void Configure(string app)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "conf", "app"));
        File.WriteAllText(Path.Combine(_folder.FullName, "conf", "app", "mine.yaml"), $"# @package _global_\n{app}\n");
    }

    private string Metrics(string run) => File.ReadAllText(Path.Combine(_folder.FullName, run, "metrics.jsonl"));

    private static async Task ReadUntilAsync(StreamReader reader, List<string> lines, Func<string, bool> wanted)
    {
        using CancellationTokenSource limit = Eventually.Stop();
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (wanted(line)) return;
        }
        Assert.Fail($"The program ended early after: {string.Join('\n', lines)}");
    }

    // The process of a node among the descendants of a run, by its environment.
    private static int Worker(int run, int node) => Directory.GetDirectories("/proc").Select(d => Path.GetFileName(d))
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out int id) ? id : run)
        .Where(id => id != run)
        .Single(id => IsNode(id, node) && Parent(id) == run);

    private static bool IsNode(int id, int node)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains($"AWS_BATCH_JOB_NODE_INDEX={node}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int Parent(int id) =>
        int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Crash;

namespace Refrag.Acceptance.Tests;

/// <summary>Sweeps on this machine: the manifest, what happens after a crash, and the requests that would go to AWS.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-sweep");

    [Fact]
    public async Task Run_KilledInTheMidst_ResumesWithEachJobSucceedingExactlyOnce()
    {
        // Each job notes that it is there, waits for the word to go, and notes that it is done.
        Configure(
            "app: {name: mine, command: [sh, -c, 'echo ${a}${b} >> began; while [ ! -e go${a}${b} ]; do sleep 0.05; done; echo ${a}${b} >> "
                + "done']}\na: 0\nb: 0");
        Touch("go1x", "go1y");
        string marker = Guid.NewGuid().ToString("N");
        using Process run = Mine().With(Processes.Marker, marker)
            .Start("run", "-m", "app=mine", "a=1,2,3", "b=x,y", "--max-jobs", "2", "--manifest", "m.jsonl");
        // Two have succeeded and are written down, two more are in the midst.
        await Eventually.HoldsAsync(
            () => Lines("m.jsonl").Count(line => line.Contains("succeeded", StringComparison.Ordinal)) == 2 && Lines("began").Length == 4);
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Its jobs are ended a moment later; until then one of them would take the word to go.
        if (OperatingSystem.IsLinux())
            await Eventually.HoldsAsync(() => new Processes(marker).Living().Count == 0, "the jobs have ended");

        Touch("go2x", "go2y", "go3x", "go3y");
        Finished resumed = await Mine().RunAsync("run", "--resume", "m.jsonl");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["1x", "1y", "2x", "2y", "3x", "3y"], Lines("done").Order(StringComparer.Ordinal));
        Assert.Equal(6, Lines("m.jsonl").Count(line => line.Contains("succeeded", StringComparison.Ordinal)));
        Assert.Contains("All 6 jobs have succeeded.", resumed.Error, StringComparison.Ordinal);

        Finished again = await Mine().RunAsync("run", "--resume", "m.jsonl");
        Assert.True(again is { ExitCode: 0, Output: "" }, again.ToString());
        Assert.Equal(6, Lines("done").Length);
    }

    [Fact]
    public async Task Resume_JobsOfAKilledRunStillEnding_WaitsForThem()
    {
        // It takes no notice of SIGTERM, as a program does that saves its work first.
        Configure(
            "app: {name: mine, command: [sh, -c, 'trap \"\" TERM; echo began ${a} >> log; while [ ! -e go ]; do sleep 0.05; done; echo "
                + "ended ${a} >> log']}\na: 0");
        using Process run = Mine().Start("run", "-m", "app=mine", "a=1", "--manifest", "m.jsonl");
        await Eventually.HoldsAsync(() => Lines("log").Length == 1);
        run.Kill();
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        using Process resumed = Mine().Start("run", "--resume", "m.jsonl");
        List<string> said = [];
        while (await resumed.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (line.Contains("still ending", StringComparison.Ordinal)) break;
        }
        Assert.Contains("still ending", string.Join('\n', said), StringComparison.Ordinal);
        Assert.Equal(["began 1"], Lines("log"));
        Touch("go");
        Finished end = await BuiltProgram.FinishAsync(resumed, TestContext.Current.CancellationToken);

        Assert.True(end.ExitCode == 0, end.ToString());
        // Once more, and never beside one another.
        Assert.Equal(["began 1", "ended 1", "began 1", "ended 1"], Lines("log"));
    }

    [Fact]
    public async Task Run_Homogeneous_IsOneArrayWhoseChildrenPickTheirLine()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo \"$AWS_BATCH_JOB_ARRAY_SIZE $REFRAG_SWEEP_INDEX ${a} ${b}\"']}\na: 0\nb: 0");

        Finished run = await Mine().RunAsync("run", "-m", "app=mine", "a=1,2", "b='it\\'s','x y'");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(
            ["[0] 4 0 1 it's", "[1] 4 1 1 x y", "[2] 4 2 2 it's", "[3] 4 3 2 x y"],
            run.Output.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_ShellEntryPoint_PicksInShell()
    {
        Configure("app: {name: mine, command: [printf, '%s\\n', '${a}-${b}', '$HOME ${a}']}\na: 0\nb: 0");

        Finished run = await Mine()
            .RunAsync("run", "-m", "app=mine", "a=1,2", "b=range(0,3)", "env=awsbatch", "env.entry_point=shell", "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode command =
            Assert.Single(JsonNode.Parse(run.Output)!.AsArray())!["requests"]![0]!["request"]!["containerOverrides"]!["command"]!;
        ProcessStartInfo start = new((string)command[0]!, [.. command.AsArray().Skip(1).Select(word => (string)word!)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["AWS_BATCH_JOB_ARRAY_INDEX"] = "4";
        using Process shell = Process.Start(start)!;
        Assert.Equal("2-1\n$HOME 2\n", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_FailingJob_IsReportedAndTriedAgainOnResume()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo ${a} >> ran; [ ${a} != 2 ] || [ -e fixed ] || exit 7']}\na: 0");

        Finished run = await Mine().RunAsync("run", "-m", "app=mine", "a=1,2,3", "--manifest", "m.jsonl");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("2 of 3 jobs have succeeded, 1 has failed.", run.Error, StringComparison.Ordinal);
        Assert.Contains("refrag run --resume m.jsonl", run.Error, StringComparison.Ordinal);
        Touch("fixed");
        Finished resumed = await Mine().RunAsync("run", "--resume", "m.jsonl");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(["1", "2", "2", "3"], Lines("ran").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_FailFast_StartsNothingMore()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo ${a} >> ran; [ ${a} != 2 ]']}\na: 0");

        Finished run = await Mine().RunAsync("run", "-m", "app=mine", "a=range(1,7)", "--fail-fast", "--max-jobs=1");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["1", "2"], Lines("ran"));
        Assert.Contains("1 of 6 jobs has succeeded, 1 has failed, 4 have not run.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailFastArray_CancelsWhatWaits()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo ${a} >> ran; [ ${a} != 0 ] && sleep 0.2']}\na: 0");

        // Each takes the whole machine, so that they run one after the other: 30 s for 150 of them.
        Finished run = await Mine()
            .RunAsync("run", "-m", "app=mine", "a=range(0,200)", $"env.vcpus={Environment.ProcessorCount}", "--fail-fast");

        Assert.Equal(1, run.ExitCode);
        Assert.InRange(Lines("ran").Length, 1, 150);
        Assert.Contains("have not run.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_CanBeGoneOnWith()
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo here; while [ ! -e go ]; do sleep 0.05; done']}\na: 0");
        using Process run = Mine().StartInterruptible("run", "-m", "app=mine", "a=1,2", "--manifest", "m.jsonl", "--max-jobs=1");
        Assert.Equal("[0] here", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        using Process kill = Process.Start("kill", ["-INT", $"{run.Id}"]);
        Finished end = await BuiltProgram.FinishAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal(130, end.ExitCode);
        Assert.Contains("0 of 2 jobs have succeeded, 2 have not run.", end.Error, StringComparison.Ordinal);
        Touch("go");
        Assert.Equal(0, (await Mine().RunAsync("run", "--resume", "m.jsonl")).ExitCode);
    }

    [Fact]
    public async Task Run_Json_PutsOneObjectASubmissionOnStandardOutput()
    {
        Configure("app: {name: mine, command: [echo, '${a}']}\na: 0");

        Finished run = await Mine().RunAsync("run", "-m", "app=mine", "a=1,2,3", "--json", "--manifest", "m.jsonl");

        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal(("SUCCEEDED", "0-2", "m.jsonl", 0),
            ((string?)report["status"], (string?)report["jobs"], (string?)report["manifest"], (int?)report["exitCode"]));
    }

    [Fact]
    public async Task DryRun_TenThousandJobs_IsOneSubmitJob()
    {
        Finished run =
            await new BuiltProgram().RunAsync("run", "-m", "app=train", "env=awsbatch", "lr=0.1,0.01,0.001,0.0001", "seed=range(0,2500)",
                "output_dir=runs/${lr}/${seed}", "--dry-run");

        Assert.True(run is { ExitCode: 0, Error: "" }, run.ToString());
        JsonNode launch = Assert.Single(JsonNode.Parse(run.Output)!.AsArray())!;
        JsonNode request = Assert.Single(launch["requests"]!.AsArray())!["request"]!;
        Assert.Equal(("0-9999", 10_000), ((string?)launch["jobs"], (int?)request["arrayProperties"]!["size"]));
        Assert.InRange(request["containerOverrides"]!.ToJsonString().Length, 1, 2000);
    }

    [Fact]
    public async Task DryRun_DifferentRequirements_GroupsEqualJobs()
    {
        Finished run =
            await new BuiltProgram().RunAsync("run", "-m", "app=train", "env=awsbatch", "seed=1,2,3", "env.gpus=0,1", "--dry-run");

        Assert.Equal(
            ["0,2,4", "1,3,5"], JsonNode.Parse(run.Output)!.AsArray().Select(launch => string.Join(',', Expand((string)launch!["jobs"]!))));
        Assert.Equal(["refrag-cpu-job-queue", "refrag-gpu-job-queue"],
            JsonNode.Parse(run.Output)!.AsArray().Select(launch => (string?)launch!["queue"]));
    }

    [Theory]
    [InlineData("RF5012", "--fail-fast is for sweeps", "run", "app=train", "--fail-fast")]
    [InlineData("RF5012", "--max-jobs is for sweeps", "run", "app=train", "--max-jobs", "2")]
    [InlineData("RF5013", "--watch", "run", "-m", "app=train", "env=awsbatch", "seed=1,2", "--fail-fast")]
    [InlineData("RF5013", "--watch", "run", "-m", "app=train", "env=awsbatch", "seed=1,2", "--max-jobs=1")]
    [InlineData("RF5014", "manifest", "run", "--resume", "m.jsonl", "app=train")]
    [InlineData("RF2062", "  | --resume=nowhere.jsonl\n  |          ^", "run", "--resume", "nowhere.jsonl")]
    [InlineData("RF5011", "range(0,0)", "run", "-m", "app=train", "seed=range(0,0)")]
    [InlineData("RF5010", "one place", "run", "-m", "app=train", "env=local,awsbatch")]
    [InlineData("RF5000", "--max-jobs", "run", "-m", "app=train", "seed=1,2", "--max-jobs=0")]
    public async Task Run_WhatCannotBe_IsRefused(string code, string said, params string[] arguments)
    {
        Finished run = await Mine().RunAsync(arguments);

        Assert.True(run is { ExitCode: 64, Output: "" }, run.ToString());
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "outputs")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<int> Expand(string jobs) => jobs.Split(',').SelectMany(run =>
    {
        int[] numbers = [.. run.Split('-', '/').Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        return numbers.Length == 1
            ? numbers
            : Enumerable.Range(0, ((numbers[1] - numbers[0]) / (numbers.Length > 2 ? numbers[2] : 1)) + 1)
            .Select(i => numbers[0] + (i * (numbers.Length > 2 ? numbers[2] : 1)));
    });

    private BuiltProgram Mine() => new() { WorkingDirectory = _folder.FullName };

    private void Configure(string app)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "conf", "app"));
        File.WriteAllText(Path.Combine(_folder.FullName, "conf", "app", "mine.yaml"), $"# @package _global_\n{app}\n");
    }

    private void Touch(params string[] names)
    {
        foreach (string name in names) File.WriteAllText(Path.Combine(_folder.FullName, name), "");
    }

    // As another program reads it: refrag holds its manifest against other refrags, not against readers.
    private string[] Lines(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        if (!File.Exists(path)) return [];
        using Process cat = Process.Start(new ProcessStartInfo("cat", [path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return cat.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

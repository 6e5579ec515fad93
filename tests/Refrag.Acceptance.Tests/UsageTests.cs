using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests;

/// <summary>What jobs use: as processes of this machine, and below <c>refrag exec</c> as the first process of a container.</summary>
public sealed class UsageTests : IDisposable
{
    // What a child has above the program's own peak is certain.
    private const int UsedMiB = 400;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-usage");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Job_ProcessOfThisMachine_ShowsWhatItUsedAndFitProposesLess()
    {
        string wanted = Path.Combine(_folder.FullName, "wanted");
        await File.WriteAllTextAsync(wanted, "", Token);
        string uses = $"import os; b = bytearray({UsedMiB} << 20); print('begun', flush=True)\nwhile os.path.exists('{wanted}'): pass";
        Process started = Program.Start("run", "env.job_name=uses", "env.vcpus=4", "env.memory=8192", "--", "python3", "-c", uses);
        Assert.Equal("begun", await started.StandardOutput.ReadLineAsync(Token).AsTask().Soon());
        await Eventually.HoldsAsync(async () => (long?)(await JsonAsync("job", "uses"))["used"]?["memoryPeakMiB"] >= UsedMiB);
        File.Delete(wanted);
        Finished run = await BuiltProgram.FinishAsync(started, Token);
        Assert.True(run.ExitCode == 0, run.ToString());

        JsonNode used = (await JsonAsync("job", "uses"))["used"]!;
        Finished job = await Program.RunAsync("job", "uses", "env=local");
        JsonNode fit = await JsonAsync("fit", "--from", "uses");
        Finished log = await Program.RunAsync("logs", "uses", "env=local");

        Assert.True((bool)used["final"]!);
        Assert.InRange((double)used["vcpusPeak"]!, 0.05, 2);
        Assert.InRange((long)used["memoryPeakMiB"]!, UsedMiB, 2000);
        Assert.InRange((long)used["largestProcessMiB"]!, UsedMiB, 2000);
        Assert.Contains("  used memory", job.Output, StringComparison.Ordinal);
        Assert.Equal((4, 8192), ((int)fit["asked"]!["vcpus"]!, (int)fit["asked"]!["memoryMiB"]!));
        Assert.InRange((int)fit["enough"]!["memoryMiB"]!, 256, 2560);
        Assert.Contains($"env.memory={fit["enough"]!["memoryMiB"]}", fit["overrides"]!.AsArray().Select(one => (string?)one));
        Assert.True((decimal)fit["savedUsdPerHour"]! > 0);
        // What it uses is no output of the job.
        Assert.Equal("begun\n", log.Output);
    }

    [Fact]
    public async Task Job_KilledRun_HasItsLastSample()
    {
        using Process run = Program.Start("run", "env.job_name=killed", "--", "sh", "-c", "echo begun; exec sleep 100");
        Assert.Equal("begun", await run.StandardOutput.ReadLineAsync(Token).AsTask().Soon());
        await Eventually.HoldsAsync(async () => (await JsonAsync("job", "killed"))["used"] is not null);
        run.Kill();
        await run.WaitForExitAsync(Token);

        JsonNode used = (await JsonAsync("job", "killed"))["used"]!;
        Finished fit = await Program.RunAsync("fit", "--from", "killed", "env=local");

        Assert.False((bool)used["final"]!);
        Assert.True(fit.ExitCode == 0, fit.ToString());
        Assert.Contains("so far", fit.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_JobTooShort_SaysThatItIsNotKnown()
    {
        await Program.RunAsync("run", "env.job_name=short", "--", "true");
        Finished fit = await Program.RunAsync("fit", "--from", "short", "env=local");
        Finished job = await Program.RunAsync("job", "short", "env=local");
        Assert.Equal(64, fit.ExitCode);
        Assert.Contains("RF8111", fit.Error, StringComparison.Ordinal);
        Assert.Contains("not known", job.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_GpuThatDidNothing_IsPossibleAndNeverCertain()
    {
        await WriteToolAsync();
        // Three samples are the least that says anything: with the fourth question the third is in.
        string waits = $"while [ $(wc -l <{_folder.FullName}/asked) -lt 4 ]; do sleep 0.1; done";
        Finished run = await Program.With("PATH", $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}")
            .With("REFRAG_USAGE", "0.1").With("CUDA_VISIBLE_DEVICES", "0").RunAsync(
                "run", "env.job_name=idle", "env.gpus=1", "env.vcpus=1", "env.memory=512", "--", "sh", "-c", waits);
        Assert.True(run.ExitCode == 0, run.ToString());

        Finished why = await Program.RunAsync("why", "idle", "env=local", "--json");
        JsonNode cause = JsonNode.Parse(why.Output)!["causes"]!.AsArray().Single(one => (string?)one!["code"] == "gpu-idle")!;
        JsonNode fit = await JsonAsync("fit", "--from", "idle");
        Finished job = await Program.RunAsync("job", "idle", "env=local");

        Assert.Equal(2, why.ExitCode);
        // Less than a minute is too little for more than a possibility, and to ask for no GPU; on a busy machine it may take longer.
        bool isShort = fit["notes"]!.AsArray().Any(note => ((string?)note)?.Contains("less than 60 s", StringComparison.Ordinal) == true);
        Assert.Equal(isShort ? "possible" : "likely", (string?)cause["confidence"]);
        Assert.Equal((1, isShort ? 1 : 0), ((int)fit["asked"]!["gpus"]!, (int)fit["enough"]!["gpus"]!));
        Assert.Contains("used GPU 0", job.Output, StringComparison.Ordinal);
        // A shell is smaller than the program that started it, whose peak the kernel counts for it too.
        Assert.Null((await JsonAsync("job", "idle"))["used"]!["largestProcessMiB"]);
    }

    [Fact]
    public async Task Exec_FirstProcessOfAContainer_WritesLinesAndTheExitCodeStays()
    {
        RequireNamespaces();
        await WriteToolAsync();
        // Each question follows a sample.
        string waits = $"while [ $(wc -l <{_folder.FullName}/asked) -lt 2 ]; do sleep 0.1; done";
        Finished run = await InContainerAsync("0.2", "sh", "-c", $"echo begun; {waits}; echo $REFRAG_USAGE; exit 7");

        Assert.True(run.ExitCode == 7, run.ToString());
        Assert.Equal("begun\n0.2\n", run.Output);
        JsonNode last = Lines(run.Error)[^1];
        Assert.True((bool)last["isFinal"]!);
        Assert.True((int)last["samples"]! >= 2);
        JsonNode gpu = last["gpus"]![0]!;
        Assert.Equal(
            ("0", "NVIDIA T4", 0, 3L),
            ((string?)gpu["id"], (string?)gpu["name"], (int)gpu["busyPercentPeak"]!, (long)gpu["memoryPeakMiB"]!));
    }

    [Fact]
    public async Task Exec_Signal_IsPassedOnAndALineIsWritten()
    {
        RequireNamespaces();
        using Process run = Container("1", "sh", "-c", "trap 'echo stopped; exit 3' TERM; echo begun; while :; do sleep 0.1; done");
        Assert.Equal("begun", await run.StandardOutput.ReadLineAsync(Token).AsTask().Soon());
        // The first process of the namespace is a child of unshare.
        string children = await File.ReadAllTextAsync($"/proc/{run.Id}/task/{run.Id}/children", Token);
        using Process kill = Process.Start("kill", ["-TERM", children.Trim()]);
        await kill.WaitForExitAsync(Token);
        Finished ended = await BuiltProgram.FinishAsync(run, Token);
        Assert.True(ended.ExitCode == 3, ended.ToString());
        Assert.Equal("stopped\n", ended.Output);
        Assert.Contains(Lines(ended.Error), line => (bool?)line["isFinal"] == true);
    }

    [Fact]
    public async Task Exec_Off_ReplacesTheProcess()
    {
        RequireNamespaces();
        Finished run = await InContainerAsync("off", "sh", "-c", "echo $$");
        Assert.Equal((0, "1\n"), (run.ExitCode, run.Output));
        Assert.Empty(Lines(run.Error));
    }

    [Fact]
    public async Task Exec_WrongSetting_IsAWarningAndTheJobRuns()
    {
        RequireNamespaces();
        Finished run = await InContainerAsync("often", "true");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("RF8110", run.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BuiltProgram Program =>
        new BuiltProgram { WorkingDirectory = _folder.FullName }.With("REFRAG_RUNS", Path.Combine(_folder.FullName, "runs"));

    // A process namespace of its own is what makes the first process of a container one.
    private Process Container(string usage, params string[] command) => Program
        .With("REFRAG_USAGE", usage).With("PATH", $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}")
        .StartProgram("unshare", ["--pid", "--fork", "--mount-proc", BuiltProgram.Path, "exec", "--", .. command]);

    private Task<Finished> InContainerAsync(string usage, params string[] command) =>
        BuiltProgram.FinishAsync(Container(usage, command), Token);

    private static void RequireNamespaces()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There are no namespaces.");
        using Process? probe = Process.Start(new ProcessStartInfo("unshare", ["--pid", "--fork", "--mount-proc", "true"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        });
        Assert.SkipUnless(probe is not null && probe.WaitForExit(Eventually.Limit) && probe.ExitCode == 0,
            "A process namespace cannot be made here.");
    }

    // As NVIDIA's answers, with a GPU that does nothing. Not by this process: a program that another test starts meanwhile could have it
    // open for writing, and then it cannot be run.
    private async Task WriteToolAsync()
    {
        string tool = Path.Combine(_folder.FullName, "nvidia-smi");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "asked"), "", Token);
        string script = $"#!/bin/sh\necho asked >>{_folder.FullName}/asked\necho '0, GPU-1a2b, NVIDIA T4, 0, 3, 15360'\n";
        using Process made = Process.Start("sh", ["-c", "printf %s \"$1\" >\"$2\"; chmod 500 \"$2\"", "sh", script, tool]);
        await made.WaitForExitAsync(Token).Soon();
    }

    private static IReadOnlyList<JsonNode> Lines(string error) =>
    [
        .. error.Split('\n').Where(line => line.StartsWith("refrag-usage: ", StringComparison.Ordinal))
            .Select(line => JsonNode.Parse(line["refrag-usage: ".Length..])!),
    ];

    private async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        Finished run = await Program.RunAsync([.. arguments, "env=local", "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }
}

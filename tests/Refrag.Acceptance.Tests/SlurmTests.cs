using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;
using Refrag.Aws.Batch;

namespace Refrag.Acceptance.Tests;

/// <summary>What a user does with <c>env=slurm</c>, against a real Slurm.</summary>
[Trait("Peer", "slurm")]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    // Submissions of the lost-answer test; 200 by hand.
    private static readonly int s_submissions =
        int.TryParse(Environment.GetEnvironmentVariable("REFRAG_SLURM_SUBMISSIONS"), CultureInfo.InvariantCulture, out int many)
            ? many : 24;

    [Fact]
    public async Task Run_WithoutGpus_GoesToTheCpuPartitionAndReturnsTheExitCode()
    {
        Finished run = await RunAsync("run", "--watch", cluster.Folder, "--", "sh", "-c", "echo \"it's $AWS_BATCH_JOB_ATTEMPT\"; exit 200");

        Assert.Equal(200, run.ExitCode);
        Assert.Contains("it's 1", run.Output, StringComparison.Ordinal);
        Assert.Contains("cpu, sbatch (gpus=0 asks for no GPU: CPU partition)", run.Error, StringComparison.Ordinal);
    }

    // Script and request hold the job's environment; what the job writes has the mask of the user.
    [Fact]
    public async Task Submission_IsReadByItsOwnerAlone()
    {
        string id = await SubmitAsync("--", "sh", "-c", "umask");
        Finished wait = await RunAsync("wait", cluster.Folder, id);
        Finished logs = await RunAsync("logs", cluster.Folder, id);
        string folder = Path.Combine(cluster.Jobs, id);

        Assert.Equal(0, wait.ExitCode);
        Assert.Contains(await cluster.SlurmAsync("sh", "-c", "umask"), logs.Output, StringComparison.Ordinal);
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.All([folder, Path.Combine(folder, "request.json"), Path.Combine(folder, "script")],
            path => Assert.Equal(default, File.GetUnixFileMode(path) & ~Owner));
    }

    [Fact]
    public async Task Run_WithGpus_GoesToTheGpuPartitionAndHasThem()
    {
        Finished run = await RunAsync(
            "run", "--watch", cluster.Folder, "env.gpus=2", "--", "sh", "-c", "echo gpus $CUDA_VISIBLE_DEVICES | tr , +");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Matches("gpus [0-3]\\+[0-3]", run.Output);
        Assert.Contains("gpus=2 asks for GPUs: GPU partition", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfSeveralNodes_HasOneProcessANodeAndTheMainNodesCode()
    {
        // The main node's end ends the others, so it waits until the other one has written.
        string written = Path.Combine(ScratchFolder.Make("nodes"), "written");
        Finished run = await RunAsync("run", "--watch", cluster.Folder, "env.nodes=2", "--", "sh", "-c",
            "echo rank $RANK of $WORLD_SIZE at $MASTER_ADDR; [ $RANK = 1 ] && { touch \"$0\"; sleep 600; }; "
            + "until [ -e \"$0\" ]; do sleep 0.1; done; exit 7", written);

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("rank 0 of 2 at 127.0.0.1", run.Output, StringComparison.Ordinal);
        Assert.Contains("rank 1 of 2 at 127.0.0.1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Array_OfSeveralChildren_HasTheirLogsCodesAndCounts()
    {
        string id = await SubmitAsync("env.array_size=3", "--", "sh", "-c",
            "echo child $AWS_BATCH_JOB_ARRAY_INDEX; exit $AWS_BATCH_JOB_ARRAY_INDEX");
        Finished wait = await RunAsync("wait", cluster.Folder, id);
        Finished logs = await RunAsync("logs", cluster.Folder, id);
        JsonNode child = await JobAsync($"{id}:2");

        Assert.Equal(1, wait.ExitCode);
        Assert.All(Enumerable.Range(0, 3), index => Assert.Contains($"child {index}", logs.Output, StringComparison.Ordinal));
        Assert.Equal((JobStatus.Failed, "exit code 2"), ((string)child["status"]!, (string)child["statusReason"]!));
    }

    [Fact]
    public async Task Sweep_OfThreeJobs_IsOneArray()
    {
        Finished sweep = await RunAsync("run", "-m", "--watch", cluster.Folder, "--", "sh", "-c", "echo number $1", "x", "--seed=1,2,3");

        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.All(new[] { 1, 2, 3 }, number => Assert.Contains($"number --seed={number}", sweep.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Terminate_OfARunningJob_SendsItSigtermOnceAndKeepsItsCode()
    {
        string id = await SubmitAsync("--", "sh", "-c", "trap 'echo got TERM; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        await cluster.PrintsAsync(id, "ready");
        Finished ended = await RunAsync("terminate", "--yes", cluster.Folder, id);
        Finished wait = await RunAsync("wait", cluster.Folder, id);
        Finished logs = await RunAsync("logs", cluster.Folder, id);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(9, wait.ExitCode);
        Assert.Single(logs.Output.Split('\n'), line => line == "got TERM");
    }

    [Fact]
    public async Task DependsOn_AJobThatRuns_WaitsAndIsExplainedAndCancelled()
    {
        string first = await SubmitAsync("--", "sleep", "600");
        string second = await SubmitAsync($"env.depends_on=[{first}]", "--", "echo", "after");
        await Eventually.HoldsAsync(async () => (string)(await JobAsync(second))["status"]! == JobStatus.Pending);
        Finished why = await RunAsync("why", cluster.Folder, second);
        Finished cancel = await RunAsync("cancel", "--yes", "--reason", "not wanted", cluster.Folder, second);
        await Eventually.HoldsAsync(async () => (string?)(await JobAsync(second))["statusReason"] == "not wanted");
        await RunAsync("terminate", "--yes", cluster.Folder, first);
        await Eventually.HoldsAsync(async () => (string)(await JobAsync(first))["status"]! == JobStatus.Failed);
        Finished refused = await RunAsync("run", cluster.Folder, $"env.depends_on=[{first}]", "--", "echo", "never");

        Assert.Contains("dependency-open", why.Output, StringComparison.Ordinal);
        Assert.Equal(0, cancel.ExitCode);
        Assert.Contains("RF8207", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_OfAFailedJob_RunsTheSameAgainUnderAnotherId()
    {
        string id = await SubmitAsync("+env.environment.WORD=again", "--", "sh", "-c", "echo $WORD; exit 4");
        await RunAsync("wait", cluster.Folder, id);
        Finished retry = await RunAsync("retry", "--json", cluster.Folder, id);
        string again = (string)JsonNode.Parse(retry.Output)!["jobId"]!;
        Finished wait = await RunAsync("wait", cluster.Folder, again);
        Finished logs = await RunAsync("logs", cluster.Folder, again);

        Assert.NotEqual(id, again);
        Assert.Equal((4, "again\n"), (wait.ExitCode, logs.Output));
    }

    [Fact]
    public async Task Jobs_Queues_Envs_Doctor_SeeTheCluster()
    {
        string id = await SubmitAsync("env.job_name=seen", "--", "true");
        await RunAsync("wait", cluster.Folder, id);
        string slurmId = await cluster.NumberAsync(id);

        Assert.Contains(id, (await RunAsync("jobs", cluster.Folder, "seen")).Output, StringComparison.Ordinal);
        Assert.Contains(id, (await RunAsync("job", "--json", cluster.Folder, slurmId)).Output, StringComparison.Ordinal);
        Assert.Matches("(?s)cpu +ENABLED.*gpu +ENABLED", (await RunAsync("queues", cluster.Folder)).Output);
        Assert.Contains("2 nodes", (await RunAsync("envs", cluster.Folder)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("doctor", cluster.Folder)).ExitCode);
    }

    [Theory]
    [InlineData("env.timeout=3d", "time-limit-too-long")]
    [InlineData("env.nodes=3", "too-many-nodes")]
    [InlineData("env.gpus=5", "too-many-gpus")]
    [InlineData("env.vcpus=64", "too-many-vcpus")]
    [InlineData("env.memory=1TiB", "too-much-memory")]
    public async Task Run_OfWhatNoNodeEverStarts_IsRefusedBeforeItIsSent(string wish, string cause)
    {
        Finished run = await RunAsync("run", cluster.Folder, wish, "env.job_name=never", "--", "true");
        Finished why = await RunAsync("why", cluster.Folder, wish);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("RF8218", run.Error, StringComparison.Ordinal);
        Assert.Contains(cause, why.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("never.", await cluster.SlurmAsync("squeue", "-h", "-t", "all", "-o", "%j"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env.sbatch.hold=", "held")]
    [InlineData("env.timeout=3d", "time-limit-too-long")]
    public async Task Why_OfAJobThatWaits_SaysWhatSlurmSays(string wish, string cause)
    {
        string id = await SubmitAsync("--force", wish.Replace("env.sbatch.", "+env.sbatch.", StringComparison.Ordinal), "--", "true");
        await Eventually.HoldsAsync(
            async () => (await RunAsync("why", cluster.Folder, id)).Output.Contains(cause, StringComparison.Ordinal));
        await RunAsync("cancel", "--yes", cluster.Folder, id);
    }

    [Fact]
    public async Task Run_ThroughAClientThatLosesAnswers_SubmitsEachJobOnce()
    {
        cluster.SkipIfAbsent();
        string folder = ScratchFolder.Make("lossy");
        string real = (await cluster.SlurmAsync("sh", "-c", "command -v sbatch")).Trim();
        await File.WriteAllTextAsync($"{folder}/sbatch", $"""
            #!/bin/sh
            # Each turn is another fate of the answer; the job is made in all of them.
            turn=0
            while ! mkdir "{folder}/turn-$turn" 2>/dev/null; do turn=$((turn + 1)); done
            case $((turn % 3)) in
              0) {real} "$@" >/dev/null; echo 'sbatch: error: Batch job submission failed: Socket timed out' >&2; exit 1 ;;
              1) {real} "$@" >/dev/null; kill -KILL $$ ;;
              *) exec {real} "$@" ;;
            esac

            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode($"{folder}/sbatch", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        List<Finished> runs = [];
        foreach (int[] some in Enumerable.Range(0, s_submissions).Chunk(4))
        {
            runs.AddRange(await Task.WhenAll(some.Select(_ => cluster.Program().With("PATH", path)
                .RunAsync("run", "--json", cluster.Folder, "+env.sbatch.hold=", "env.job_name=lossy", "--", "true"))));
        }
        string[] named = [.. (await cluster.SlurmAsync("squeue", "-h", "-t", "all", "-o", "%j")).Split('\n')
            .Where(name => name.StartsWith("lossy.", StringComparison.Ordinal))];
        await cluster.SlurmAsync("scancel", "--state=PENDING", "--user=root");

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.ToString()));
        Assert.Equal(s_submissions, named.Length);
        Assert.Equal(
            named.Select(name => name["lossy.".Length..]).Order(StringComparer.Ordinal),
            runs.Select(run => (string)JsonNode.Parse(run.Output)!["jobId"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_WhenTheControllerIsAway_SaysSoAndSubmitsNothing()
    {
        cluster.SkipIfAbsent();
        string conf = Path.Combine(ScratchFolder.Make("away"), "slurm.conf");
        string text = await File.ReadAllTextAsync(cluster.Configuration, TestContext.Current.CancellationToken);
        // Port 9 is discard, which no machine of today serves.
        await File.WriteAllTextAsync(
            conf, string.Join('\n', text.Split('\n').Select(line =>
                line.StartsWith("SlurmctldPort=", StringComparison.Ordinal) ? "SlurmctldPort=9" : line)),
            TestContext.Current.CancellationToken);
        Finished run = await cluster.Program().With("SLURM_CONF", conf).RunAsync("run", cluster.Folder, "--", "true");

        Assert.Equal(69, run.ExitCode);
        Assert.Contains("RF8201 Slurm does not answer on this machine", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was submitted", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutSlurmsCommands_SaysWhereToFindThem()
    {
        string folder = ScratchFolder.Make("bin");
        foreach (string program in new[] { "sh", "mkdir", "sed", "rm", "rmdir", "mv", "env" })
            File.CreateSymbolicLink($"{folder}/{program}", $"/bin/{program}");
        Finished run = await new BuiltProgram { WorkingDirectory = folder }.With("REFRAG_ENV", "slurm").With("PATH", folder)
            .RunAsync("run", $"env.folder={folder}/jobs", "--", "true");

        Assert.Equal(69, run.ExitCode);
        Assert.Contains("RF8202", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_PrintsTheCommandLineAndTheScript()
    {
        Finished run = await RunAsync(
            "run", "--dry-run", cluster.Folder, "env.gpus=1", "+env.sbatch.qos=high", "--", "echo", "it's");
        JsonNode request = JsonNode.Parse(run.Output)!["requests"]![0]!;

        Assert.Contains("--partition=gpu", (string)request["slurm"]!["command"]!, StringComparison.Ordinal);
        Assert.Contains("--gres=gpu:1", (string)request["slurm"]!["command"]!, StringComparison.Ordinal);
        Assert.Contains("--qos=high", (string)request["slurm"]!["command"]!, StringComparison.Ordinal);
        Assert.Contains("'it'\\''s'", (string)request["slurm"]!["script"]!, StringComparison.Ordinal);
        Assert.Equal("high", (string)request["request"]!["parameters"]!["qos"]!);
    }

    [Theory]
    [InlineData("+env.image=python:3.12", "RF8214")]
    [InlineData("+env.sbatch.partition=x", "RF8212")]
    [InlineData("+env.sbatch.Qos=x", "RF8211")]
    [InlineData("env.folder=jobs", "RF8210")]
    [InlineData("env.workdir=here", "RF8213")]
    [InlineData("+env.environment.SLURM_JOB_ID=5", "RF8215")]
    [InlineData("+env.environment.A-B=1", "RF8215")]
    public async Task Run_WithWhatCannotHold_IsRefusedWithTheReason(string wish, string code)
    {
        Finished run = await RunAsync("run", "--dry-run", cluster.Folder, wish, "--", "true");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_InAnUnknownPartition_NamesThoseThatAreThere()
    {
        Finished run = await RunAsync("run", cluster.Folder, "env.job_queue=gpus", "--", "true");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("RF8216 There is no partition gpus", run.Error, StringComparison.Ordinal);
        Assert.Contains("cpu, gpu", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatSlurmRefuses_SaysSlurmsReasonAndLeavesNoFolder()
    {
        Finished run = await RunAsync("run", cluster.Folder, "+env.sbatch.constraint=fast", "env.job_name=refused", "--", "true");
        Finished jobs = await RunAsync("jobs", cluster.Folder, "refused");

        Assert.Equal(69, run.ExitCode);
        Assert.Contains("RF8204 Slurm refused the job: Invalid feature specification", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", jobs.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fit")]
    [InlineData("react")]
    [InlineData("dashboard")]
    [InlineData("offers")]
    [InlineData("cost", "report")]
    [InlineData("cost", "estimate")]
    [InlineData("scale", "plan")]
    [InlineData("history", "watch")]
    [InlineData("shell", "x")]
    [InlineData("pull", "x")]
    [InlineData("outputs", "x")]
    public async Task Verb_WithoutACounterpart_IsRefused(params string[] verb)
    {
        Finished run = await RunAsync([.. verb, cluster.Folder]);

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains("RF8217", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxCost_OnACluster_IsRefused() => Assert.Contains(
        "RF8219", (await RunAsync("run", "--max-cost", "1", cluster.Folder, "--", "true")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Logs_Since_IsRefusedForLinesHaveNoTime()
    {
        string id = await SubmitAsync("--", "echo", "hi");
        await RunAsync("wait", cluster.Folder, id);

        Assert.Contains("RF8208", (await RunAsync("logs", "--since", "1h", cluster.Folder, id)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_OnACluster_DoNotNameAws()
    {
        Finished job = await RunAsync("job", cluster.Folder, "01a22e9d-9256-7064-ba7c-9c40ffa500d1");
        Finished run = await RunAsync("run", "--notify", "true", cluster.Folder, "--", "true");

        Assert.Contains("on the cluster", job.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("region", job.Error, StringComparison.Ordinal);
        Assert.Contains("RF8073 --notify with env=slurm needs --watch", run.Error, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] words) => cluster.RunAsync(words);

    private Task<string> SubmitAsync(params string[] words) => cluster.SubmitAsync(words);

    private Task<JsonNode> JobAsync(string id) => cluster.JobAsync(id);
}

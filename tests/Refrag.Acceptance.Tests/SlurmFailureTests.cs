using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;
using Refrag.Aws.Batch;

namespace Refrag.Acceptance.Tests;

/// <summary>Lost nodes, jobs that start again, and answers that are cut off, against a real Slurm.</summary>
[Trait("Peer", "slurm")]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmFailureTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    [Fact]
    public async Task Node_ThatIsLost_EndsTheJobOrOnlyTheAttempt()
    {
        string again = await cluster.SubmitAsync("env.retries=1", "--", "sh", "-c",
            "echo attempt $AWS_BATCH_JOB_ATTEMPT; [ $AWS_BATCH_JOB_ATTEMPT = 2 ] || exec sleep 600");
        await cluster.PrintsAsync(again, "attempt 1");
        string number = await cluster.NumberAsync(again);
        string node = (await cluster.SlurmAsync("squeue", "-h", "-j", number, "-o", "%N")).Trim();
        string once = await cluster.SubmitAsync(
            "env.retries=0", $"+env.sbatch.nodelist={node}", "--", "sh", "-c", "echo once; exec sleep 600");
        await cluster.PrintsAsync(once, "once");
        JsonNode[] attempts;
        Finished second, logs;
        try
        {
            await cluster.KillNodeAsync(node);
            await IsHandledAsync(again, number, once);
            // Two minutes earlier than Slurm would by itself.
            await cluster.SlurmAsync("scontrol", "update", $"jobid={number}", "StartTime=now");
            second = await cluster.RunAsync("wait", cluster.Folder, again);
            logs = await cluster.RunAsync("logs", cluster.Folder, again);
            attempts = [.. (await cluster.JobAsync(again))["attempts"]!.AsArray().Select(one => one!)];
        }
        finally
        {
            await cluster.StartNodeAsync(node);
        }
        Assert.True(second.ExitCode == 0, second.ToString());
        // The shell of a program that was killed may have said so.
        Assert.Matches("^attempt 1\n(Killed\n)?attempt 2\n$", logs.Output);
        Assert.Equal([null, 0], attempts.Select(one => (int?)one["exitCode"]));
        Assert.Contains("its node was lost", (string)attempts[0]["statusReason"]!, StringComparison.Ordinal);
    }

    // Both have lost their node: one may start again, the other may not.
    private async Task IsHandledAsync(string again, string number, string once)
    {
        // It waits for its next attempt, and the first has no code that could be known.
        await cluster.HasStateAsync(number, "PENDING", "BeginTime");
        JsonNode waiting = await cluster.JobAsync(again);
        Finished why = await cluster.RunAsync("why", cluster.Folder, again);
        Assert.Equal(JobStatus.Pending, (string)waiting["status"]!);
        Assert.Null(waiting["exitCode"]);
        JsonNode lost = Assert.Single(waiting["attempts"]!.AsArray())!;
        Assert.Null(lost["exitCode"]);
        Assert.Contains("its node was lost", (string)lost["statusReason"]!, StringComparison.Ordinal);
        Assert.Contains("waits-to-start-again", why.Output, StringComparison.Ordinal);

        // Without retries that is the job's end, in Slurm's word.
        Finished wait = await cluster.RunAsync("wait", cluster.Folder, once);
        JsonNode ended = await cluster.JobAsync(once);
        Assert.Equal(1, wait.ExitCode);
        Assert.StartsWith("NODE_FAIL", (string)ended["statusReason"]!, StringComparison.Ordinal);
        Assert.Null(ended["exitCode"]);
        Assert.Contains("node-failed", (await cluster.RunAsync("why", cluster.Folder, once)).Output, StringComparison.Ordinal);
    }

    // The code of the attempt before is not how the job ended.
    [Theory]
    [InlineData(true, "not wanted")]
    [InlineData(false, "CANCELLED")]
    public async Task Cancel_OfAJobThatWaitsForItsNextAttempt_HasNoExitCode(bool byRefrag, string reason)
    {
        string id = await cluster.SubmitAsync("env.retries=3", "--", "sh", "-c",
            "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done");
        await cluster.PrintsAsync(id, "ready");
        string number = await cluster.NumberAsync(id);
        await cluster.SlurmAsync("scontrol", "requeue", number);
        await cluster.HasStateAsync(number, "PENDING");
        JsonNode waiting = await cluster.JobAsync(id);
        if (byRefrag) await cluster.RunAsync("cancel", "--yes", "--reason", reason, cluster.Folder, id);
        else await cluster.SlurmAsync("scancel", number);
        await cluster.HasStateAsync(number, "CANCELLED");
        JsonNode ended = await cluster.JobAsync(id);
        Finished wait = await cluster.RunAsync("wait", cluster.Folder, id);

        Assert.Equal(5, (int)Assert.Single(waiting["attempts"]!.AsArray())!["exitCode"]!);
        Assert.Equal(5, (int)Assert.Single(ended["attempts"]!.AsArray())!["exitCode"]!);
        Assert.StartsWith(reason, (string)ended["statusReason"]!, StringComparison.Ordinal);
        Assert.Null(ended["exitCode"]);
        Assert.Equal(1, wait.ExitCode);
    }

    [Fact]
    public async Task Job_WhenTheQueuesAnswerIsCutOff_IsNotTakenForEnded()
    {
        string id = await cluster.SubmitAsync("--", "sh", "-c", "echo ready; exec sleep 600");
        await cluster.PrintsAsync(id, "ready");
        string folder = ScratchFolder.Make("half");
        string real = (await cluster.SlurmAsync("sh", "-c", "command -v squeue")).Trim();
        await File.WriteAllTextAsync($"{folder}/squeue", $"#!/bin/sh\n{real} \"$@\" | head -c 20\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode($"{folder}/squeue", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Finished job = await cluster.Program().With("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}")
            .RunAsync("job", cluster.Folder, id);
        Finished ended = await cluster.RunAsync("terminate", "--yes", cluster.Folder, id);

        Assert.Equal(69, job.ExitCode);
        Assert.Contains("RF8201", job.Error, StringComparison.Ordinal);
        Assert.Contains("the answer was cut off", job.Error, StringComparison.Ordinal);
        Assert.Equal(0, ended.ExitCode);
    }
}

using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;
using Refrag.Aws.Batch;

namespace Refrag.Acceptance.Tests;

/// <summary><c>env.host</c>: a cluster behind ssh, with a real sshd and a real Slurm.</summary>
[Trait("Peer", "slurm")]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmLoginNodeTests(SlurmLoginNode node) : IClassFixture<SlurmLoginNode>
{
    [Theory]
    [InlineData(SlurmLoginNode.Plain)]
    // csh takes no word that spans lines, and this one prints a line before each answer.
    [InlineData(SlurmLoginNode.Csh)]
    public async Task Job_ThroughSsh_IsSubmittedFollowedAndEnded(string host)
    {
        Assert.SkipWhen(host == SlurmLoginNode.Csh && !SlurmLoginNode.HasCsh, "csh is absent; apt-get install tcsh");
        string first = await SubmitAsync(host, "--", "sh", "-c", "echo \"$0\"; exit 7", "it's \"so\"!");
        Finished logs = await RunAsync(host, "logs", "-f", first);
        Finished wait = await RunAsync(host, "wait", first);
        string second = await SubmitAsync(host, "--", "sh", "-c", "echo ready; exec sleep 600");
        await node.PrintsAsync(second, "ready");
        string third = await SubmitAsync(host, "+env.sbatch.hold=", "--", "true");
        Finished cancel = await RunAsync(host, "cancel", "--yes", "--reason", "not wanted", third);
        Finished terminate = await RunAsync(host, "terminate", "--yes", second);
        Finished ended = await RunAsync(host, "wait", second, third);
        Finished jobs = await RunAsync(host, "jobs");

        Assert.Equal((0, "it's \"so\"!\n"), (logs.ExitCode, logs.Output));
        Assert.True(wait.ExitCode == 7, wait.ToString());
        Assert.True(cancel.ExitCode == 0, cancel.ToString());
        Assert.True(terminate.ExitCode == 0, terminate.ToString());
        Assert.True(ended.ExitCode is 143 or 1, ended.ToString());
        Assert.All([first, second, third], id => Assert.Contains(id, jobs.Output, StringComparison.Ordinal));
        Assert.Equal("not wanted", (string?)(await node.JobAsync(third))["statusReason"]);
        Assert.Equal(JobStatus.Failed, (string?)(await node.JobAsync(second))["status"]);
    }

    [Fact]
    public async Task Run_WhenTheLoginNodeIsAway_SaysSoAndSubmitsNothing()
    {
        Finished run = await RunAsync(SlurmLoginNode.Away, "run", "--", "true");

        Assert.Equal(69, run.ExitCode);
        Assert.Contains("RF8221 The login node login3 is not reached by ssh", run.Error, StringComparison.Ordinal);
        Assert.Contains("Connection refused", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was submitted", run.Error, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(string host, string verb, params string[] words)
    {
        node.SkipIfAbsent();
        return node.Outside().RunAsync([verb, $"env.host={host}", node.Folder, .. words]);
    }

    private async Task<string> SubmitAsync(string host, params string[] words)
    {
        Finished run = await RunAsync(host, "run", ["--json", .. words]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }
}

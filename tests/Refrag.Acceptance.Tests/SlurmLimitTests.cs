using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;
using Refrag.Aws.Batch;

namespace Refrag.Acceptance.Tests;

/// <summary>A site that forgets ended jobs soon and takes small arrays only, with a real Slurm.</summary>
[Trait("Peer", "slurm")]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmLimitTests(SmallSlurmCluster cluster) : IClassFixture<SmallSlurmCluster>
{
    // Slurm called it CANCELLED. Once that is forgotten, the program's own 0 does not make a success of it.
    [Fact]
    public async Task Terminate_OfAProgramThatThenEndsWith0_StaysFailedWhenSlurmHasForgottenIt()
    {
        string id = await cluster.SubmitAsync("env.retries=0", "--", "sh", "-c",
            "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done");
        await cluster.PrintsAsync(id, "ready");
        string number = await cluster.NumberAsync(id);
        await cluster.RunAsync("terminate", "--yes", cluster.Folder, id);
        await Eventually.HoldsAsync(async () => await cluster.TrySlurmAsync("squeue", "-h", "-t", "all", "-o", "%A") is { } all
            && !all.Split('\n').Contains(number, StringComparer.Ordinal), $"Slurm has forgotten {number}");
        JsonNode job = await cluster.JobAsync(id);
        Finished wait = await cluster.RunAsync("wait", cluster.Folder, id);

        Assert.Equal(JobStatus.Failed, (string)job["status"]!);
        Assert.Contains("SIGTERM", (string)job["statusReason"]!, StringComparison.Ordinal);
        Assert.Equal(1, wait.ExitCode);
    }

    // MaxArraySize is above the largest index. (slurm.conf(5))
    [Fact]
    public async Task Sweep_OfMoreJobsThanAnArrayMayHave_IsSeveralArrays()
    {
        Finished sweep = await cluster.RunAsync(
            "run", "-m", "--watch", "--json", cluster.Folder, "--", "sh", "-c", "echo number $1", "x", "--seed=range(6)");
        string[] ids = [.. sweep.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).Select(line => (string)line["jobId"]!).Distinct()];

        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.Equal(2, ids.Length);
        Assert.All(Enumerable.Range(0, 6), number => Assert.Contains($"number --seed={number}", sweep.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Array_OfMoreChildrenThanTheSiteAllows_IsRefusedWithTheNumber()
    {
        Finished run = await cluster.RunAsync("run", cluster.Folder, "env.array_size=5", "env.job_name=wide", "--", "true");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("RF8218 An array of 5 is larger than the 4 that this cluster takes", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wide.", await cluster.SlurmAsync("squeue", "-h", "-t", "all", "-o", "%j"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxJobs_OfASweepThatIsOneArray_IsSlurmsOwnLimit()
    {
        Finished sweep = await cluster.RunAsync("run", "-m", "--max-jobs", "2", "--json", cluster.Folder, "+env.sbatch.hold=", "--",
            "sh", "-c", "echo $1", "x", "--seed=1,2,3");
        string id = (string)JsonNode.Parse(sweep.Output)!["jobId"]!;
        string shown = await cluster.SlurmAsync("scontrol", "show", "job", "-o", await cluster.NumberAsync(id));
        await cluster.RunAsync("cancel", "--yes", cluster.Folder, id);

        Assert.True(sweep.ExitCode == 0, sweep.ToString());
        Assert.Contains("ArrayTaskThrottle=2", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxJobs_OfASweepOfSeveralArrays_NeedsWatch()
    {
        Finished sweep = await cluster.RunAsync(
            "run", "-m", "--max-jobs", "2", cluster.Folder, "env.job_name=many", "--", "sh", "-c", "echo $1", "x", "--seed=range(6)");

        Assert.Equal(64, sweep.ExitCode);
        Assert.Contains("RF5013", sweep.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("many.", await cluster.SlurmAsync("squeue", "-h", "-t", "all", "-o", "%j"), StringComparison.Ordinal);
    }
}

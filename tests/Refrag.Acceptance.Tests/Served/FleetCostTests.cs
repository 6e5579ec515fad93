using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server with simulated fleets, on which nothing really runs.</summary>
public sealed class PaperFleet : ServedBatch
{
    protected override string[] Options => ["--fleet", "--runner", "simulated"];
}

/// <summary>What looks at costs and capacity, against fleets of our own server.</summary>
[Trait("Peer", "boto3")]
public sealed class FleetCostTests(PaperFleet fleet) : IClassFixture<PaperFleet>
{
    [Fact]
    public async Task Run_MaxCost_SendsNothingThatIsEstimatedAboveIt()
    {
        Finished above =
            await RunAsync("run", "app=hello_dist", "env.job_name=dear-1", "env.gpus=4", "env.vcpus=16", "env.memory=64GiB", "--hours", "2",
                "--max-cost", "6.9");
        Finished below =
            await RunAsync("run", "app=hello_dist", "env.job_name=dear-2", "env.gpus=4", "env.vcpus=16", "env.memory=64GiB", "--hours", "2",
                "--max-cost", "8");
        Finished jobs = await RunAsync("jobs", "dear-*", "--json");

        // g5.12xlarge on Spot, 2 h × 3.4917 USD, and what is expected to be done twice.
        Assert.Equal(64, above.ExitCode);
        Assert.Contains("estimated at $6.99", above.Error, StringComparison.Ordinal);
        Assert.True(below.ExitCode == 0, below.ToString());
        Assert.Equal(
            "dear-2", (string?)JsonNode.Parse(Assert.Single(jobs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!["jobName"]);
    }

    // One job, then a sweep of one queue and two requests: nothing of either is sent.
    [Fact]
    public async Task Run_JobThatNoInstanceCanHost_IsSentOnlyIfForced()
    {
        using TemporaryFolder folder = new();
        Finished one = await RunAsync("run", "app=hello_dist", "env.job_name=large-1", "env.gpus=8");
        Finished sweep = await RunAsync("run", "-m", "app=hello_dist", "env.job_name=large-2", "env.gpus=1,8,16", "--manifest",
            Path.Combine(folder.Path, "large.jsonl"));
        Finished dry = await RunAsync("run", "app=hello_dist", "env.job_name=large-3", "env.gpus=8", "--dry-run");
        Finished forced = await RunAsync("run", "app=hello_dist", "env.job_name=large-4", "env.gpus=8", "--force");
        Finished jobs = await RunAsync("jobs", "large-*", "--json");
        Finished ended = await RunAsync("cancel", "large-4*", "--yes");

        Assert.Equal((64, 64, 0, 0, 0), (one.ExitCode, sweep.ExitCode, dry.ExitCode, forced.ExitCode, ended.ExitCode));
        Assert.Contains("RF2065", one.Error, StringComparison.Ordinal);
        Assert.Contains("env.gpus=4", one.Error, StringComparison.Ordinal);
        Assert.Contains("2 problems", sweep.Error, StringComparison.Ordinal);
        Assert.Equal(
            "large-4", (string?)JsonNode.Parse(Assert.Single(jobs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!["jobName"]);
    }

    [Fact]
    public async Task Why_OnOurOwnServer_AsksAwsNothing()
    {
        Finished why = await RunAsync("why", "app=train", "env.gpus=1");

        Assert.True(why.ExitCode == 0, why.ToString());
        Assert.DoesNotContain("Not checked", why.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CostEstimate_OfASweep_IsALineForEachSizeAndTheirSum()
    {
        string[] sweep = ["cost", "estimate", "-m", "app=hello_dist", "env.gpus=1", "message=a,b", "env.vcpus=4,16", "--hours", "2"];

        Finished text = await RunAsync(sweep);
        Finished json = await RunAsync([.. sweep, "--json"]);

        Assert.True(text.ExitCode == 0 && json.ExitCode == 0, $"{text}{json}");
        JsonNode[] lines = [.. json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([2, 2], lines.Select(line => (int)line["parts"]!));
        decimal sum = lines.Sum(line => (decimal)line["likelyUsd"]!);
        string expected = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Together: ${sum:0.00} for 4 jobs of 2 sizes.");
        Assert.Contains(expected, text.Output, StringComparison.Ordinal);
    }

    private async Task<Finished> RunAsync(params string[] arguments)
    {
        BuiltProgram client = await fleet.ClientAsync();
        return await (client with { WorkingDirectory = Repository.Root }).With("REFRAG_ENV", "awsbatch").RunAsync(arguments);
    }
}

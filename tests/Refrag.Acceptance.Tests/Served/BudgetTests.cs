using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>Budgets of a project, against jobs on simulated fleets.</summary>
[Trait("Peer", "boto3")]
public sealed class BudgetTests(PaperFleet fleet) : IClassFixture<PaperFleet>, IDisposable
{
    // On the GPU queue of --fleet a job with one GPU takes half of a g5.4xlarge at the Spot price: 0.8721 USD an hour.
    private const string Budgets = """
        budgets:
          - {name: all, usd: 100}
          - {name: each, user: "*", usd: 3, over: refuse, may_exceed: grace}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_BeyondABudgetThatRefuses_SendsNothingUnlessTheUserMayExceedIt()
    {
        await WriteAsync(Budgets);
        Finished first = await RunAsync("ada", "run", "app=hello_dist", "env.job_name=b-one", "env.gpus=1", "--hours", "4");
        Finished sweep =
            await RunAsync("ada", "run", "-m", "app=hello_dist", "env.job_name=b-sweep", "env.gpus=1", "message=a,b,c,d", "--hours", "1");
        Finished asked =
            await RunAsync("ada", "run", "app=hello_dist", "env.job_name=b-two", "env.gpus=1", "--hours", "4", "--over-budget");
        Finished dry = await RunAsync("ada", "run", "app=hello_dist", "env.job_name=b-dry", "env.gpus=1", "--hours", "4", "--dry-run");
        Finished allowed =
            await RunAsync("grace", "run", "app=hello_dist", "env.job_name=b-grace", "env.gpus=1", "--hours", "4", "--over-budget");
        Finished small = await RunAsync("ada", "run", "app=hello_dist", "env.job_name=b-small", "env.gpus=1", "--hours", "1");
        Finished jobs = await RunAsync("ada", "jobs", "b-*", "--json");

        Assert.Equal([64, 64, 64, 0, 0, 0], [.. new[] { first, sweep, asked, dry, allowed, small }.Select(run => run.ExitCode)]);
        Assert.Contains("RF8171 Budget each (user=ada) would be at $3.49 of $3.00", first.Error, StringComparison.Ordinal);
        Assert.Contains("this submission $3.49", sweep.Error, StringComparison.Ordinal);
        Assert.Contains("ada is not among those who may exceed it", asked.Error, StringComparison.Ordinal);
        Assert.Contains("grace may send it with --over-budget", first.Error, StringComparison.Ordinal);
        Assert.Contains("a dry run asks nothing of AWS", dry.Error, StringComparison.Ordinal);
        Assert.Contains("warning RF8172 Budget each (user=grace)", allowed.Error, StringComparison.Ordinal);
        Assert.Equal(["b-grace", "b-small"], Lines(jobs).Select(job => (string)job["jobName"]!).Order());
    }

    // An array whose children wait for one another's instances, and a job of the same kind that runs: what is sent next meets both.
    [Fact]
    public async Task Budget_RunningAndWaitingJobs_AreCountedAndASecondSubmissionMeetsThem()
    {
        await WriteAsync("budgets: [{name: mine, user: linus, usd: 50, over: refuse}]");
        string definition = (string)(await fleet.PythonAsync("""
            needs = [{"type": type, "value": value} for type, value in [("VCPU", "8"), ("MEMORY", "32768"), ("GPU", "1")]]
            print(json.dumps(batch.register_job_definition(
                jobDefinitionName="budget-long", type="container", timeout={"attemptDurationSeconds": 36000},
                containerProperties={"image": "i", "resourceRequirements": needs,
                    "environment": [{"name": "REFRAG_SIM_SECONDS", "value": "36000"}]})["jobDefinitionArn"]))
            """))!;
        string array = (string)(await fleet.PythonAsync($$"""
            job = batch.submit_job(jobName="budget-array", jobQueue="refrag-gpu-job-queue", jobDefinition="{{definition}}",
                arrayProperties={"size": 20}, tags={"user": "linus"})["jobId"]
            until(lambda: batch.list_jobs(arrayJobId=job, jobStatus="RUNNING")["jobSummaryList"])
            print(json.dumps(job))
            """))!;

        JsonNode[] lines = Lines(await RunAsync("linus", "budget", "--json"));
        Finished more = await RunAsync("linus", "run", "app=hello_dist", "env.gpus=1", "--hours", "1");
        await RunAsync("linus", "terminate", array, "--yes");

        JsonNode line = Assert.Single(lines);
        decimal running = (decimal)line["runningUsd"]!;
        decimal waiting = (decimal)line["waitingUsd"]!;
        Assert.Equal(("mine", "user=linus", "refuse"), ((string?)line["name"], (string?)line["of"], (string?)line["over"]));
        Assert.True(running > 0 && waiting > 0, line.ToJsonString());
        // 20 children of ten hours each: what runs has lost a moment of its own.
        Assert.InRange(running + waiting + (decimal)line["spentUsd"]!, 20 * 8.7m, 20 * 8.75m);
        Assert.Equal(64, more.ExitCode);
        Assert.Contains("Budget mine (user=linus)", more.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BudgetsThatAreWrong_SendsNothing()
    {
        await WriteAsync("budgets: [{name: mine, usd: much}]");

        Finished run = await RunAsync("ada", "run", "app=hello_dist", "env.job_name=wrong");
        Finished shown = await RunAsync("ada", "budget");

        Assert.Equal((64, 64), (run.ExitCode, shown.ExitCode));
        Assert.Contains("RF8170", run.Error, StringComparison.Ordinal);
        Assert.Contains("conf/budgets.yaml", run.Error, StringComparison.Ordinal);
    }

    private static JsonNode[] Lines(Finished run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private Task WriteAsync(string budgets)
    {
        Directory.CreateDirectory(_folder.At("conf"));
        return File.WriteAllTextAsync(_folder.At("conf/budgets.yaml"), budgets, TestContext.Current.CancellationToken);
    }

    private async Task<Finished> RunAsync(string user, params string[] arguments)
    {
        BuiltProgram client = await fleet.ClientAsync();
        return await (client with { WorkingDirectory = _folder.Path })
            .With("REFRAG_ENV", "awsbatch").With("USER", user).With("XDG_STATE_HOME", _folder.At("state")).RunAsync(arguments);
    }
}

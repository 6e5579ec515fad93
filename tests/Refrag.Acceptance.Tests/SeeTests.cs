using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>What looks at Batch, against moto as far as that can answer.</summary>
[Collection(MotoTests.Name)]
public sealed class SeeTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    private BuiltProgram Program => moto.Program().With("REFRAG_ENV", "awsbatch").With("USER", "ann");

    [Fact]
    public async Task Queues_Json_OneObjectAQueue()
    {
        moto.SkipIfAbsent();

        JsonNode[] queues = await LinesAsync("queues", "--json");

        JsonNode cpu = queues.Single(q => (string?)q["jobQueue"] == "refrag-cpu-job-queue");
        Assert.Equal("ok", (string?)cpu["health"]);
        Assert.Equal(64, (int?)cpu["vcpusMax"]);
        Assert.Equal("refrag-cpu-compute-env", (string?)cpu["computeEnvironments"]![0]);
        Assert.Equal("broken", (string?)queues.Single(q => (string?)q["jobQueue"] == "closed-cpu-queue")["health"]);
    }

    [Fact]
    public async Task Envs_Table_FitsAndSaysTheVerdict()
    {
        moto.SkipIfAbsent();

        Finished envs = await Program.With("COLUMNS", "80").RunAsync("envs");

        Assert.True(envs.ExitCode == 0, envs.ToString());
        Assert.Contains("refrag-gpu-compute-env", envs.Output, StringComparison.Ordinal);
        Assert.All(envs.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task Jobs_ByNameAndTag_FindsTheSubmittedOne()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=alone-1", "env.array_size=2");

        JsonNode[] byName = await LinesAsync("jobs", "alone-*", "--json");
        JsonNode[] mine = await LinesAsync("jobs", "--mine", "--tag", "app=hello_dist", "--name", "alone-1", "--json");
        JsonNode[] others = await LinesAsync("jobs", "--tag", "user=bob", "--json");

        // moto lists an array's children beside it; AWS lists them where they are asked for.
        Assert.Equal(id, (string?)Assert.Single(byName, j => !((string)j["jobId"]!).Contains(':', StringComparison.Ordinal))["jobId"]);
        Assert.Equal(id, (string?)Assert.Single(mine, j => !((string)j["jobId"]!).Contains(':', StringComparison.Ordinal))["jobId"]);
        Assert.Empty(others);
    }

    [Fact]
    public async Task Job_Submitted_ShowsOneScreen()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-2");

        Finished screen = await Program.RunAsync("job", id);
        JsonNode json = (await LinesAsync("job", id, "--json")).Single();

        Assert.True(screen.ExitCode == 0, screen.ToString());
        Assert.Contains("seen-2  SUCCEEDED", screen.Output, StringComparison.Ordinal);
        Assert.Contains("app=hello_dist", screen.Output, StringComparison.Ordinal);
        Assert.Equal("SUCCEEDED", (string?)json["status"]);
        Assert.Equal(8192, (int?)json["resources"]!["memoryMiB"]);
    }

    [Fact]
    public async Task Job_Unknown_SaysWhereToLook()
    {
        moto.SkipIfAbsent();

        Finished job = await Program.RunAsync("job", "00000000-0000-0000-0000-000000000000");

        Assert.Equal(66, job.ExitCode);
        Assert.Contains("RF5023", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_EndedJob_StopsByItself()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-3");

        Finished logs = await Program.RunAsync("logs", id, "--follow");

        Assert.True(logs.ExitCode == 0, logs.ToString());
        Assert.Contains("log", logs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_WrittenStream_PrintsItsLines()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-4");
        JsonNode job = (await moto.AskAsync($"batch.describe_jobs(jobs=['{id}'])['jobs'][0]"))!;
        string? stream = (string?)job["container"]?["logStreamName"];
        Assert.SkipWhen(stream is null, "moto names no log stream for this job.");
        Finished wrote = await moto.PythonAsync($"""
            logs = client("logs")
            try: logs.create_log_group(logGroupName="/aws/batch/job")
            except Exception: pass
            try: logs.create_log_stream(logGroupName="/aws/batch/job", logStreamName="{stream}")
            except Exception: pass
            import time
            now = int(time.time() * 1000)
            logs.put_log_events(logGroupName="/aws/batch/job", logStreamName="{stream}",
                logEvents=[dict(timestamp=now + i, message=f"line {"{i}"}") for i in range(2000)])
            """);
        Assert.True(wrote.ExitCode == 0, wrote.ToString());

        Finished logs = await Program.RunAsync("logs", id);
        Finished some = await Program.RunAsync("logs", id, "--grep", "^line 19..$");

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"line {i}"), logs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(100, some.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Retry_Job_SubmitsTheSameAgainWithALink()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-5", "+env.environment.A=1");

        JsonNode again = (await LinesAsync("retry", id, "--json")).Single();

        Assert.Equal(id, (string?)again["retryOf"]);
        JsonNode job = (await moto.AskAsync($"batch.describe_jobs(jobs=['{again["jobId"]}'])['jobs'][0]"))!;
        Assert.Equal("seen-5", (string?)job["jobName"]);
        Assert.Equal(id, (string?)job["tags"]!["refrag:retry-of"]);
        Assert.Equal("hello_dist", (string?)job["tags"]!["app"]);
    }

    [Fact]
    public async Task Terminate_NothingActive_SaysSo()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-6");

        Finished run = await Program.RunAsync("terminate", id, "--yes");

        Assert.Equal(66, run.ExitCode);
        Assert.Contains("it has ended", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_WithoutWords_IsRefused()
    {
        moto.SkipIfAbsent();

        Finished run = await Program.RunAsync("cancel");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("RF5022", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_PlannedJobThatFitsNothing_NamesTheCauseAndACheckedCure()
    {
        moto.SkipIfAbsent();

        Finished why = await Program.RunAsync("why", "app=train", "env.gpus=8", "--json");

        Assert.Equal(2, why.ExitCode);
        JsonNode cause = JsonNode.Parse(why.Output)!["causes"]![0]!;
        Assert.Equal("too-many-gpus", (string?)cause["code"]);
        Assert.Equal("certain", (string?)cause["confidence"]);
        Assert.Contains("checked: it would start", cause["cures"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_RoleThatThereIsNot_IsNamedBeforeTheSubmission()
    {
        moto.SkipIfAbsent();
        Finished made = await moto.PythonAsync("""
            client("iam").create_role(RoleName="for-ec2", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
            """);
        Assert.True(made.ExitCode == 0, made.ToString());

        Finished missing = await Program.RunAsync("why", "app=train", $"env.job_role_arn=arn:aws:iam::{moto.Id}:role/missing", "--json");
        Finished wrong =
            await Program.RunAsync("why", "app=train", $"env.execution_role_arn=arn:aws:iam::{moto.Id}:role/for-ec2", "--json");

        Assert.Equal((2, 2), (missing.ExitCode, wrong.ExitCode));
        Assert.Equal("job-role", (string?)JsonNode.Parse(missing.Output)!["causes"]![0]!["code"]);
        Assert.Equal("execution-role", (string?)JsonNode.Parse(wrong.Output)!["causes"]![0]!["code"]);
        Assert.Contains("ecs-tasks.amazonaws.com", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MaxCost_SendsNothingThatIsEstimatedAboveIt()
    {
        moto.SkipIfAbsent();

        Finished above =
            await Program.RunAsync("run", "app=hello_dist", "env.job_name=dear-1", "env.array_size=10", "--hours", "8", "--max-cost", "15");
        Finished below =
            await Program.RunAsync(
                "run", "app=hello_dist", "env.job_name=dear-2", "env.array_size=10", "env.retries=2", "--hours", "8", "--max-cost", "16");
        Finished unbounded = await Program.RunAsync("run", "app=hello_dist", "env.job_name=dear-3", "env.timeout=2h", "--max-cost", "16");

        // Ten jobs, each on an m6i.xlarge of its own: 10 × 8 h × 0.192 USD.
        Assert.Equal(64, above.ExitCode);
        Assert.Contains("estimated at $15.36", above.Error, StringComparison.Ordinal);
        Assert.True(below.ExitCode == 0, below.ToString());
        Assert.Contains("all 3 attempts it may become $46.08", below.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing ends a job that runs longer", below.Error, StringComparison.Ordinal);
        Assert.Contains("estimated at $0.38", unbounded.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Nothing ends", unbounded.Error, StringComparison.Ordinal);
        Assert.Empty(await LinesAsync("jobs", "dear-1", "--json"));
        Assert.NotEmpty(await LinesAsync("jobs", "dear-2", "--json"));
    }

    [Theory]
    [InlineData("queues", "refrag-cpu-job-queeue")]
    [InlineData("envs", "refrag-cpu-compute")]
    [InlineData("jobs", "--queue", "refrag-cpu-job-queeue")]
    [InlineData("cost", "report", "--queue", "refrag-cpu-job-queeue")]
    [InlineData("terminate", "--queue", "refrag-cpu-job-queeue", "--yes")]
    public async Task Verbs_NameThatThereIsNot_SayWhichThereAre(params string[] words)
    {
        moto.SkipIfAbsent();

        Finished run = await Program.RunAsync(words);

        Assert.Equal(66, run.ExitCode);
        Assert.Contains("RF5044", run.Error, StringComparison.Ordinal);
        Assert.Contains("There are: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("infra apply", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--max-cost", "cheap", "--max-cost cheap is not a number")]
    [InlineData("run", "--max-cost", "-1", "must be an amount of USD from 0")]
    [InlineData("estimate", "--hours", "0", "must be above 0")]
    [InlineData("compare", "--hours", "-3", "must be above 0")]
    [InlineData("report", "--since", "2100-01-01", "is in the future")]
    public async Task Costs_BadNumbers_AreRefusedInWords(string verb, string option, string value, string words)
    {
        Finished run = await Program.RunAsync([.. verb == "run" ? new[] { "run" } : ["cost", verb], option, value]);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_SucceededJob_FindsNothing()
    {
        moto.SkipIfAbsent();
        string id = await SubmitAsync("env.job_name=seen-7");

        Finished why = await Program.RunAsync("why", id);

        Assert.True(why.ExitCode == 0, why.ToString());
        Assert.Contains("It succeeded", why.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_HealthyAccount_FindsNothingInTheQueues()
    {
        moto.SkipIfAbsent();

        Finished doctor = await Program.RunAsync("doctor");

        Assert.True(doctor.ExitCode == 0, doctor.ToString());
        Assert.Contains("refrag-gpu-job-queue with refrag-gpu-job-def: ok", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_DocumentedGpuDefinition_SaysWhichTypesAreNear()
    {
        moto.SkipIfAbsent();

        Finished fit = await Program.RunAsync("fit", "app=train", "env.gpus=1", "--json");

        JsonNode report = JsonNode.Parse(fit.Output)!;
        Assert.True((bool)report["fits"]!);
        Assert.Equal("g5.12xlarge", (string?)report["types"]![0]!["type"]);
        Assert.Contains("MiB of memory",
            report["types"]!.AsArray().Single(t => (string?)t!["type"] == "g5.xlarge")!["lacks"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CostEstimate_Hours_GivesFiguresWithTheirDate()
    {
        moto.SkipIfAbsent();

        JsonNode estimate = (await LinesAsync("cost", "estimate", "app=hello_dist", "--hours", "8", "--json")).Single();

        Assert.True((decimal)estimate["likelyUsd"]! > 0);
        Assert.Equal("m6i.xlarge", (string?)estimate["types"]![0]!["type"]);
        Assert.NotNull(estimate["pricesOf"]);
    }

    [Fact]
    public async Task CostReport_ByApp_AddsUp()
    {
        moto.SkipIfAbsent();
        await SubmitAsync("env.job_name=seen-8");

        JsonNode[] groups = await LinesAsync("cost", "report", "--by", "app", "--json");

        Assert.Contains(groups, g => (string?)g["key"] == "hello_dist" && (int)g["jobs"]! >= 1);
    }

    [Fact]
    public async Task Top_NoTerminal_PrintsOneScreen()
    {
        moto.SkipIfAbsent();

        Finished top = await Program.With("COLUMNS", "80").RunAsync("top");

        Assert.True(top.ExitCode == 0, top.ToString());
        Assert.Equal(24, top.Output.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("refrag-cpu-job-queue", top.Output, StringComparison.Ordinal);
    }

    private async Task<string> SubmitAsync(params string[] overrides)
    {
        Finished run = await Program.RunAsync(["run", "app=hello_dist", "env=awsbatch", .. overrides, "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return (string)JsonNode.Parse(run.Output)!["jobId"]!;
    }

    private async Task<JsonNode[]> LinesAsync(params string[] arguments)
    {
        Finished run = await Program.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}

/// <summary>What needs no Batch at all.</summary>
public sealed class CostWithoutBatchTests
{
    [Fact]
    public async Task CostCompare_DefaultTypes_ComputesTheTable()
    {
        Finished table = await new BuiltProgram().RunAsync("cost", "compare");

        Assert.True(table.ExitCode == 0, table.ToString());
        Assert.Contains("CPU (small)", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("none", table.Output, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>Sweeps on AWS Batch, against moto: one array job for equal jobs, submitted exactly once whatever happens in between.</summary>
[Collection(MotoTests.Name)]
[Trait("Peer", "moto")]
public sealed class RemoteSweepTests(MotoAccount moto) : IClassFixture<MotoAccount>, IDisposable
{
    private const string Submit = "/v1/submitjob";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-sweep");

    private string Manifest => Path.Combine(_folder.FullName, "m.jsonl");

    [Fact]
    public async Task Run_Homogeneous_IsOneArrayJob()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint).RunAsync(
            "run", "-m", "app=train", "env=awsbatch", "lr=0.1,0.01", "seed=1,2,3", "env.gpus=1", "--json", "--manifest", Manifest);

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode sent = JsonNode.Parse(Assert.Single(proxy.Bodies(Submit)))!;
        Assert.Equal(("train", "refrag-gpu-job-queue", 6),
            ((string?)sent["jobName"], (string?)sent["jobQueue"], (int?)sent["arrayProperties"]!["size"]));
        JsonArray command = sent["containerOverrides"]!["command"]!.AsArray();
        Assert.Equal(["exec", "--array"], command.Take(2).Select(word => (string?)word));
        JsonNode table = JsonNode.Parse((string)command[2]!)!;
        Assert.Equal(("0-5", "[2,3]"), ((string?)table["jobs"], table["shape"]!.ToJsonString()));
        Assert.Contains("""{"axis":0,"values":["0.1","0.01"]}""", table["columns"]!.AsArray().Select(column => column!.ToJsonString()));

        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal(("0-5", Manifest), ((string?)report["jobs"], (string?)report["manifest"]));
        JsonNode job = (await moto.AskAsync($"batch.describe_jobs(jobs=['{report["jobId"]}'])['jobs'][0]"))!;
        Assert.Equal(6, (int?)job["arrayProperties"]!["size"]);
        Assert.Equal((string?)report["submissionId"], (string?)job["tags"]!["refrag:submission-id"]);
    }

    [Fact]
    public async Task Run_DifferentRequirements_IsAnArrayAGroup()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program()
            .RunAsync("run", "-m", "app=train", "env=awsbatch", "seed=1,2", "env.gpus=0,1", "--json", "--manifest", Manifest);

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode[] reports = [.. run.Output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([("refrag-cpu-job-queue", "0,2"), ("refrag-gpu-job-queue", "1,3")],
            reports.Select(r => ((string)r["jobQueue"]!, (string)r["jobs"]!)));
    }

    [Fact]
    public async Task Resume_KilledBeforeTheAnswer_FindsTheArrayAndDoesNotRepeat()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy =
            new FaultProxy(moto.Endpoint, (path, before) => path == Submit && before == 0 ? Fault.HoldAnswer : Fault.None).Start();
        using (Process run = moto.Program(proxy.Endpoint)
            .Start("run", "-m", "app=hello_dist", "env=awsbatch", "message=a,b,c", "env.job_name=killed-sweep", "--manifest", Manifest))
        {
            await proxy.Held.Soon();
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Finished resumed = await moto.Program(proxy.Endpoint).RunAsync("run", "--resume", Manifest, "--json");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal(1, proxy.Count(Submit));
        Assert.Equal(
            (string?)Assert.Single((await JobsNamedAsync("killed-sweep")).AsArray()), (string?)JsonNode.Parse(resumed.Output)!["jobId"]);
        // Now it is known, and a third run has nothing to submit either.
        Finished third = await moto.Program(proxy.Endpoint).RunAsync("run", "--resume", Manifest);
        Assert.True(third.ExitCode == 0, third.ToString());
        Assert.Equal(1, proxy.Count(Submit));
    }

    [Fact]
    public async Task Resume_RequestRefused_SubmitsWhatWasNot()
    {
        moto.SkipIfAbsent();
        bool down = true;
        await using FaultProxy proxy =
            new FaultProxy(moto.Endpoint, (path, before) => path == Submit && before > 0 && down ? Fault.Throttle : Fault.None).Start();
        Finished run = await moto.Program(proxy.Endpoint).RunAsync(
            "run", "-m", "app=train", "env=awsbatch", "seed=1,2", "env.gpus=0,1", "env.job_name=refused-sweep", "--manifest", Manifest);
        Assert.True(run.ExitCode == 69, run.ToString());
        Assert.Contains($"refrag run --resume {Manifest}", run.Error, StringComparison.Ordinal);
        down = false;

        Finished resumed = await moto.Program(proxy.Endpoint).RunAsync("run", "--resume", Manifest, "--json");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("1,3", (string?)JsonNode.Parse(resumed.Output)!["jobs"]);
    }

    [Fact]
    public async Task Run_Watched_WritesTheEndsDown()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program()
            .RunAsync("run", "-m", "app=hello_dist", "env=awsbatch", "message=a,b,c", "--watch", "--manifest", Manifest);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("All 3 jobs have succeeded.", run.Error, StringComparison.Ordinal);
        Assert.Equal(3,
            (await File.ReadAllLinesAsync(Manifest, TestContext.Current.CancellationToken)).Count(
                line => line.Contains("succeeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_UnknownQueueInTheLastGroup_SubmitsNothing()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint)
            .RunAsync(
            "run", "-m", "app=train", "env=awsbatch", "env.job_queue=refrag-cpu-job-queue,refrag-cpu-job-quee", "--manifest", Manifest);

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains("RF2040", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, proxy.Count(Submit));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<JsonNode> JobsNamedAsync(string name) => (await moto.AskAsync(
        $"[j['jobId'] for s in ('SUBMITTED','PENDING','RUNNABLE','STARTING','RUNNING','SUCCEEDED','FAILED') for j in "
            + $"batch.list_jobs(jobQueue='refrag-cpu-job-queue', jobStatus=s)['jobSummaryList'] "
            + $"if j['jobName'] == '{name}' and ':' not in j['jobId']]"))!;
}

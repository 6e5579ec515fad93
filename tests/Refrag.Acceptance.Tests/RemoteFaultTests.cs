using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>What goes wrong between here and AWS, against moto behind a proxy that does it.</summary>
[Collection(MotoTests.Name)]
[Trait("Peer", "moto")]
public sealed class RemoteFaultTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    private const string Submit = "/v1/submitjob";

    [Fact]
    public async Task Run_UnknownQueue_SaysWhichThereAreAndSendsNothing()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program().RunAsync("run", "app=train", "env=awsbatch", "env.job_queue=refrag-gpu-job-quee", "env.gpus=1");

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains("RF2040", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean refrag-gpu-job-queue?", run.Error, StringComparison.Ordinal);
        Assert.Contains("^", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Run_DisabledQueueAndDefinitionGone_ReportsBothAtOnce()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program().RunAsync(
            "run", "app=train", "env=awsbatch", "env.job_queue=closed-gpu-queue", "env.job_definition_name=gone-job-def", "env.gpus=1");

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains("RF2041", run.Error, StringComparison.Ordinal);
        Assert.Contains("RF2044", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoCredentials_SaysHowToGiveThem()
    {
        moto.SkipIfAbsent();
        BuiltProgram program = moto.Program().With("AWS_ACCESS_KEY_ID", null).With("AWS_SECRET_ACCESS_KEY", null);

        Finished run = await program.RunAsync("run", "app=train", "env=awsbatch", "env.gpus=1");

        Assert.True(run.ExitCode == 77, run.ToString());
        Assert.Contains("RF30", run.Error, StringComparison.Ordinal);
        Assert.Contains("AWS_ACCESS_KEY_ID", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DeadEndpoint_NamesItAndSaysThatNothingWasSubmitted()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program(new Uri("http://127.0.0.1:1")).RunAsync("run", "app=train", "env=awsbatch", "env.gpus=1");

        Assert.True(run.ExitCode == 69, run.ToString());
        Assert.Contains("http://127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was submitted", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Run_RejectedCredentials_SaysSoAndSubmitsNothing()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.Reject).Start();

        Finished run = await moto.Program(proxy.Endpoint).RunAsync("run", "app=train", "env=awsbatch", "env.gpus=1");

        Assert.True(run.ExitCode == 77, run.ToString());
        Assert.Contains("The security token included in the request is invalid", run.Error, StringComparison.Ordinal);
        Assert.Contains("cure:", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, proxy.Count(Submit));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(Fault.Throttle)]
    [InlineData(Fault.LoseRequest)]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.Unavailable)]
    public async Task Run_FaultAtSubmission_SubmitsExactlyOnce(Fault fault)
    {
        moto.SkipIfAbsent();
        string name = $"once-{fault}";
        await using FaultProxy proxy =
            new FaultProxy(moto.Endpoint, (path, before) => path == Submit && before == 0 ? fault : Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint)
            .RunAsync("run", "app=hello_dist", "env=awsbatch", $"env.job_name={name}", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonArray jobs = (await JobsNamedAsync(name)).AsArray();
        Assert.Equal((string?)JsonNode.Parse(run.Output)!["jobId"], (string?)Assert.Single(jobs));
        Assert.Equal(fault == Fault.LoseAnswer ? 1 : 2, proxy.Count(Submit));
    }

    [Fact]
    public async Task Run_AnswerLostAndLookupFails_SaysThatItDoesNotKnow()
    {
        moto.SkipIfAbsent();
        bool lost = false;
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (path, _) =>
        {
            if (path == Submit)
            {
                lost = true;
                return Fault.LoseAnswer;
            }
            return lost ? Fault.LoseRequest : Fault.None;
        }).Start();

        Finished run = await moto.Program(proxy.Endpoint).RunAsync("run", "app=hello_dist", "env=awsbatch", "env.job_name=unknown-end");

        Assert.True(run.ExitCode == 75, run.ToString());
        Assert.Contains("unknown-end", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, proxy.Count(Submit));
    }

    private async Task<JsonNode> JobsNamedAsync(string name) => (await moto.AskAsync(
        $"[j['jobId'] for s in ('SUBMITTED','PENDING','RUNNABLE','STARTING','RUNNING','SUCCEEDED','FAILED') for j in "
            + $"batch.list_jobs(jobQueue='refrag-cpu-job-queue', jobStatus=s)['jobSummaryList'] if j['jobName'] == '{name}']"))!;
}

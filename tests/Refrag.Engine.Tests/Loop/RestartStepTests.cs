using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Attempts;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Loop;
using Refrag.Engine.Names;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Store;
using Refrag.Engine.Transitions;

namespace Refrag.Engine.Tests.Loop;

/// <summary>
/// A step of a restart that throws is reported, and the jobs that it does not concern continue. What a damaged record can bring about is in
/// <see cref="DamagedRecordTests"/>: the adoption of one job, the count of what is in use. No record makes the other steps throw; here the
/// part that they notify of a change does.
/// </summary>
public sealed class RestartStepTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private const string Broken = "broken", Waiting = "waiting";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public void Begin_FinishThrows_IsReportedAndJobsContinue()
    {
        EngineState state = Begin(New(Waiting, JobState.Pending));
        AssertReported("What was under way could not be finished");
        Assert.Equal(JobState.Runnable, state.Jobs[Waiting].State);
    }

    [Theory]
    [InlineData(nameof(JobState.Submitted), null)]
    [InlineData(nameof(JobState.Pending), null)]
    [InlineData(nameof(JobState.Pending), "its plan cannot be made")]
    [InlineData(nameof(JobState.Starting), null)]
    [InlineData(nameof(JobState.Running), null)]
    public void Begin_AStepOfOneJobThrows_FailsThatJobAndTheOthersContinue(string jobState, string? fault)
    {
        Job job = New(Broken, Enum.Parse<JobState>(jobState));
        EngineState state = Begin(job with { Plan = job.Plan with { Fault = fault } }, New(Waiting, JobState.Pending));
        AssertReported(Broken);
        Assert.Equal(JobState.Failed, state.Jobs[Broken].State);
        Assert.Equal(JobState.Runnable, state.Jobs[Waiting].State);
    }

    [Fact]
    public async Task Open_SweepFails_IsReportedAndJobsRun()
    {
        var fault = new IOException("The folder of attempts cannot be read.");
        LocalBatchOptions options = Options with { StateDirectory = folder.Path };
        // Only a state that is not new has something to sweep.
        await new LocalBatch(options, new FakeRunner(), _time).DisposeAsync();
        await using var batch = new LocalBatch(options, new FakeRunner { Decide = _ => 0, SweepFault = fault }, _time);
        var request = new SubmitJobRequest
        {
            JobName = "job",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
        };
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, request, Token).Soon()).JobId;
        Assert.Equal(JobStatus.Succeeded, (await batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon()).Status);
        Assert.Equal(EngineStatus.Ready, batch.Health.Status);
        AssertReported(fault.Message);
        AssertReported(ProgramStarter.NotSwept);
    }

    private void AssertReported(string what) => Assert.Contains(_log, line => line.Contains(what, StringComparison.Ordinal));

    // What a restart has made of these jobs. An environment is being made, so that there is something to finish.
    private EngineState Begin(params Job[] jobs)
    {
        var runner = new FakeRunner();
        var state = new EngineState(Options, new MemoryStore(), _time, _ => { });
        var placements = new Placements(state);
        var logs = new LogStore(1_000_000);
        var starter = new ProgramStarter(runner, runner, _ => { }, state.Report, _time);
        var supervisor = new AttemptSupervisor(state, placements, starter, logs, _ => { }, _time);
        var transitions = new JobTransitions(state, new Watchers());
        var guard = new JobGuard(state, supervisor, transitions);
        state.Observer = new FaultyObserver();
        ComputeEnvironmentDetail made = new()
        {
            ComputeEnvironmentName = "new",
            ComputeEnvironmentArn = LocalArns.Usual.ComputeEnvironment("new"),
            Status = CEStatus.Creating,
        };
        string body = JsonSerializer.Serialize(made, BatchJson.Options.GetTypeInfo(typeof(ComputeEnvironmentDetail)));
        var stored = new StoredState { Resources = [(ResourceKinds.ComputeEnvironment, "new", body)], Jobs = jobs, NextSequence = 10 };
        new Restart(state, placements, supervisor, transitions, guard, logs).Begin(stored);
        return state;
    }

    private static Job New(string id, JobState state) => JobFixture.Job(JobFixture.Plan()) with
    {
        Id = id,
        Sequence = id == Broken ? 1 : 2,
        State = state,
    };

    private LocalBatchOptions Options => new()
    {
        VCpus = new VCpus(4),
        Memory = new MebiBytes(1000),
        GpuIds = [],
        Variables = new Dictionary<string, string>(),
        WorkingDirectory = "/",
        Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        Log = _log.Enqueue,
    };

    /// <summary>Cannot take a change of a queue or an environment, nor one of the job that is broken.</summary>
    private sealed class FaultyObserver : IStateObserver
    {
        public void OnJobChanged(Job job)
        {
            if (job.Id == Broken) throw new InvalidOperationException("The change of the job cannot be taken.");
        }

        public void OnQueuesChanged() => throw new InvalidOperationException("The change of the queues cannot be taken.");
    }
}

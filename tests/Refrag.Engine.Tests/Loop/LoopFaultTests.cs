using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Engine.Options;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.Loop;

/// <summary>
/// An exception in a handler of the loop fails the request or the job that it belongs to, with its trace in the log, and nothing else.
/// </summary>
public sealed class LoopFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task TimeLimit_WhoseHandlerThrows_FailsThatJobAlone()
    {
        await using LocalBatch batch = Open(new UnstoppableRunner());
        string bad = await Submit(batch, "bad", 60);
        string good = await Submit(batch, "good", 3600);
        await Until(batch, bad, JobStatus.Running);
        await Until(batch, good, JobStatus.Running);
        _time.Advance(TimeSpan.FromSeconds(60));
        JobDetail failed = await Ended(batch, bad);
        Assert.Equal(JobStatus.Failed, failed.Status);
        Assert.Contains("RF4019", failed.StatusReason, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Running, (await Describe(batch, good)).Status);
        AssertLogged(bad);
    }

    [Fact]
    public async Task Request_WhoseHandlerThrows_FailsAloneAndIsLogged()
    {
        await using LocalBatch batch = Open(new UnstoppableRunner());
        string id = await Submit(batch, "bad", null);
        await Until(batch, id, JobStatus.Running);
        var fault =
            await Assert.ThrowsAsync<BatchException>(
                () => batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = "enough" }, Token)
                    .Soon());
        Assert.Equal(BatchException.ServerException, fault.ErrorCode);
        AssertLogged(nameof(TerminateJobRequest));
        Assert.Equal(id, (await Describe(batch, id)).JobId);
    }

    [Fact]
    public async Task Effect_ThatThrows_IsLoggedAndTheJobEnds()
    {
        await using LocalBatch batch = Open(new FakeRunner { Decide = _ => 0 }, new ThrowingSink());
        string id = await Submit(batch, "job", null);
        Assert.Equal(JobStatus.Succeeded, (await Ended(batch, id)).Status);
        AssertLogged(nameof(ThrowingSink));
    }

    [Fact]
    public async Task Start_ThatThrows_FailsThatJobAndGivesItsPlaceToTheNext()
    {
        await using LocalBatch batch = Open(new FakeRunner { Decide = _ => 0 }, programs: new UnreadablePrograms("broken"));
        string bad = await Submit(batch, "bad", null, memory: "1000", program: "broken");
        string next = await Submit(batch, "next", null, memory: "1000");
        JobDetail failed = await Ended(batch, bad);
        Assert.Equal(JobStatus.Failed, failed.Status);
        Assert.Contains("RF4019", failed.StatusReason, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Succeeded, (await Ended(batch, next)).Status);
        AssertLogged(bad);
    }

    private void AssertLogged(string what) =>
        Assert.Contains(_log, line => line.Contains(what, StringComparison.Ordinal) && line.Contains("   at ", StringComparison.Ordinal));

    private LocalBatch Open(
        IRunner runner, IEventSink? events = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? programs = null) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Events = events,
            Programs = programs ?? new Dictionary<string, IReadOnlyList<string>>(),
            Log = _log.Enqueue,
        },
        runner, _time);

    private static async Task<string> Submit(
        LocalBatch batch, string name, int? timeout, string memory = "100", string program = "run") => (await batch.SendAsync(
        BatchOperations.SubmitJob,
        new SubmitJobRequest
        {
            JobName = name,
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides
            {
                Command = [program],
                ResourceRequirements = [new() { Type = ResourceType.Memory, Value = memory }],
            },
            Timeout = timeout is { } seconds ? new JobTimeout { AttemptDurationSeconds = seconds } : null,
        },
        Token).Soon()).JobId;

    private static async Task<JobDetail> Describe(LocalBatch batch, string id) =>
        Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static Task<JobDetail> Until(LocalBatch batch, string id, string status) =>
        batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();

    private sealed class ThrowingSink : IEventSink
    {
        public bool IsWanted => true;

        public void Publish(BatchEvent happened) => throw new InvalidOperationException(nameof(ThrowingSink));
    }

    /// <summary>Throws when it is asked for one program.</summary>
    private sealed class UnreadablePrograms(string broken)
        : Dictionary<string, IReadOnlyList<string>>, IReadOnlyDictionary<string, IReadOnlyList<string>>
    {
        bool IReadOnlyDictionary<string, IReadOnlyList<string>>.TryGetValue(string key, out IReadOnlyList<string> value) =>
            key == broken ? throw new InvalidOperationException("The programs cannot be read.") : TryGetValue(key, out value!);
    }

    /// <summary>Its programs cannot be asked to stop; SIGKILL ends them.</summary>
    private sealed class UnstoppableRunner : IRunner
    {
        public RunnerReport Report { get; } = new() { Kind = RunnerKind.Process, Summary = "A test's." };

        public Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken) =>
            Task.FromResult(Adoption.NeverStarted);

        public Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken) =>
            Task.FromResult<IRunningAttempt>(new Attempt());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private sealed class Attempt : IRunningAttempt
        {
            private readonly TaskCompletionSource<AttemptExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public Task<AttemptExit> Exit => _exit.Task;

            public void Signal(StopSignal signal)
            {
                _exit.TrySetResult(new AttemptExit(137));
                if (signal is StopSignal.Terminate) throw new InvalidOperationException("It cannot be asked to stop.");
            }
        }
    }
}

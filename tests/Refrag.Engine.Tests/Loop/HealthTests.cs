using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Options;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Loop;

/// <summary>Each state of an engine, brought about.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_FollowsTheEngineThroughItsLife()
    {
        using var time = new GateTime();
        var runner = new FakeRunner();
        using var store = new FaultyStore();
        await using LocalBatch batch = Open(store, runner, time);
        Assert.Equal(EngineStatus.Starting, batch.Health.Status);
        time.Gate.Set();
        string id = await Submit(batch);
        FakeAttempt attempt = await runner.Next();
        Assert.Equal(new EngineHealth(EngineStatus.Ready), batch.Health);
        Task stopped = batch.StopAsync(TimeSpan.FromSeconds(30));
        await attempt.NextSignal();
        Assert.Equal(EngineStatus.Stopping, batch.Health.Status);
        attempt.End(0);
        await stopped.Soon();
        Assert.NotEmpty(id);
    }

    [Fact]
    public async Task Health_WhileTheDiskIsFull_SaysSoAndIsReadyAfterwards()
    {
        using var store = new FaultyStore();
        await using LocalBatch batch = Open(store, new FakeRunner { Decide = _ => 0 });
        await Submit(batch);
        store.Fault = new NoRoomException(new IOException("No space left on device"));
        await Assert.ThrowsAsync<BatchException>(() => Submit(batch));
        // The loop knows once it rejects requests by itself.
        await Assert.ThrowsAsync<BatchException>(() => Describe(batch));
        Assert.Equal(EngineStatus.DiskFull, batch.Health.Status);
        Assert.Contains("RF4011", batch.Health.Reason, StringComparison.Ordinal);
        store.Fault = null;
        await store.Written.Task.Soon();
        await Eventually.HoldsAsync(() => batch.Health.Status is not EngineStatus.DiskFull);
        Assert.Equal(new EngineHealth(EngineStatus.Ready), batch.Health);
    }

    [Fact]
    public async Task Health_AfterAFailedCommit_SaysSoAndTheEngineEndsWithTheReason()
    {
        using var store = new FaultyStore();
        await using LocalBatch batch = Open(store, new FakeRunner { Decide = _ => 0 });
        store.Fault = new IOException("Input/output error");
        await Assert.ThrowsAsync<BatchException>(() => Submit(batch));
        Problem? problem = await batch.Ended.Soon();
        Assert.Equal(("RF4020", EngineStatus.CommitFailed), (problem?.Code, batch.Health.Status));
        Assert.Contains("Input/output error", problem!.What, StringComparison.Ordinal);
        Assert.Contains("Input/output error", batch.Health.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AfterALoopThatHadToEnd_IsFailedAndTheLogHasTheTrace()
    {
        List<string> log = [];
        using var store = new FaultyStore { Stored = new StoredState { Jobs = null! } };
        await using LocalBatch batch = Open(store, new FakeRunner(), log: log.Add);
        Problem? problem = await batch.Ended.Soon();
        Assert.Equal(("RF4020", EngineStatus.Failed), (problem?.Code, batch.Health.Status));
        Assert.NotNull(batch.Health.Reason);
        Assert.Contains(log, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Equal(BatchException.ServerException, (await Assert.ThrowsAsync<BatchException>(() => Describe(batch))).ErrorCode);
    }

    [Fact]
    public async Task Ended_OfAnEngineThatWasDisposed_HasNoProblem()
    {
        LocalBatch batch = Open(new MemoryStore(), new FakeRunner());
        await batch.DisposeAsync();
        Assert.Null(await batch.Ended.Soon());
    }

    private static LocalBatch Open(IStateStore store, FakeRunner runner, TimeProvider? time = null, Action<string>? log = null) => new(
        new LocalBatchOptions
        {
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Log = log ?? (_ => { }),
        },
        runner, time ?? new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)), store: store);

    private static async Task<string> Submit(LocalBatch batch) => (await batch.SendAsync(
        BatchOperations.SubmitJob,
        new SubmitJobRequest
        {
            JobName = "job",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
        },
        Token).Soon()).JobId;

    private static async Task Describe(LocalBatch batch) =>
        await batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token).Soon();

    /// <summary>A clock that lets the engine start only when the test says so.</summary>
    private sealed class GateTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)), IDisposable
    {
        public ManualResetEventSlim Gate { get; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(Gate.Wait(Limits.Step, Token));
            return base.CreateTimer(callback, state, dueTime, period);
        }

        public void Dispose() => Gate.Dispose();
    }

    /// <summary>A store whose commits fail as the test says; they wait for a disk, so that they are tried again.</summary>
    private sealed class FaultyStore : IStateStore
    {
        private readonly MemoryStore _inner = new();

        public volatile Exception? Fault;

        public StoredState? Stored { get; init; }

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WaitsForDisk => true;

        public StoredState Load(DefinitionTable definitions) => Stored ?? _inner.Load(definitions);

        public void Commit(Changes changes)
        {
            if (Fault is { } fault) throw fault;
            _inner.Commit(changes);
            Written.TrySetResult();
        }

        public Job? Find(string id) => _inner.Find(id);

        public IReadOnlyList<Job> Ended(EndedQuery query) => _inner.Ended(query);

        public IReadOnlyList<Job> Children(string arrayId, int from) => _inner.Children(arrayId, from);

        public IEnumerable<StoredLine> Lines() => [];

        public void Dispose() => _inner.Dispose();
    }
}

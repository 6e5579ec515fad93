using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Store;

/// <summary>The disk refuses a commit: every caller that waits gets the fault.</summary>
public sealed class BrokenStateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_InTheRoundThatLearnsOfTheFault_IsRefused()
    {
        using var store = new BreakingStore();
        LocalBatch batch = Open(store);
        // What the engine writes by itself at its start is written with this one.
        await Register(batch);
        store.BreaksNow = true;
        Task registered = Register(batch);
        store.Broken = registered;
        await store.Breaking.Task.Soon();
        // Its answer is ready before the loop hears of the fault, and waits for a commit that never comes.
        Task<TerminateJobResponse> ended =
            batch.SendAsync(
                BatchOperations.TerminateJob, new TerminateJobRequest { JobId = Guid.NewGuid().ToString(), Reason = "enough" }, Token);
        Assert.Contains("RF4011", (await Assert.ThrowsAsync<BatchException>(() => registered.Soon())).Message, StringComparison.Ordinal);
        Assert.Contains("RF4011", (await Assert.ThrowsAsync<BatchException>(() => ended.Soon())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "RF4009", (await Assert.ThrowsAsync<BatchException>(() => Register(batch).Soon())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_WhenTheStateBreaks_EndsWithTheFault()
    {
        using var store = new BreakingStore();
        LocalBatch batch = Open(store);
        string id = (await Submit(batch)).JobId;
        await using IAsyncEnumerator<JobDetail> watch = batch.WatchAsync(id, Token).GetAsyncEnumerator(Token);
        Assert.True(await watch.MoveNextAsync().AsTask().Soon());
        store.BreaksNow = true;
        store.Broken = Task.CompletedTask;
        _ = Submit(batch);
        var fault = await Assert.ThrowsAsync<BatchException>(() => ToTheEnd(watch).Soon());
        Assert.Contains("RF4011", fault.Message, StringComparison.Ordinal);
    }

    private static async Task ToTheEnd(IAsyncEnumerator<JobDetail> watch)
    {
        while (await watch.MoveNextAsync())
        {
        }
    }

    private static LocalBatch Open(IStateStore store) => new(
        new LocalBatchOptions
        {
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        new FakeRunner(), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)), store: store);

    // Nothing follows from it that would be written too.
    private static async Task Register(LocalBatch batch) => await batch.SendAsync(
        BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "other",
            Type = "container",
            ContainerProperties = new ContainerProperties
            {
                Image = "image",
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "100" }],
            },
        },
        Token);

    private static async Task<SubmitJobResponse> Submit(LocalBatch batch) => await batch.SendAsync(
        BatchOperations.SubmitJob,
        new SubmitJobRequest
        {
            JobName = "job",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
        },
        Token);

    /// <summary>
    /// Breaks at the next commit, once a caller looks for an ended job; and lets that caller find out only when the fault is on its way.
    /// </summary>
    private sealed class BreakingStore : IStateStore
    {
        private readonly MemoryStore _inner = new();
        private volatile bool _isLookedInto;

        public bool BreaksNow { get; set; }

        public Task? Broken { get; set; }

        public TaskCompletionSource Breaking { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool WaitsForDisk => true;

        public StoredState Load(DefinitionTable definitions) => _inner.Load(definitions);

        public void Commit(Changes changes)
        {
            if (!BreaksNow)
            {
                _inner.Commit(changes);
                return;
            }
            Breaking.TrySetResult();
            SpinWait.SpinUntil(() => _isLookedInto || Broken is { IsCompleted: true }, Eventually.Limit);
            throw new IOException("No space left on device.");
        }

        public Job? Find(string id)
        {
            _isLookedInto = true;
            SpinWait.SpinUntil(() => Broken is { IsCompleted: true }, Eventually.Limit);
            return _inner.Find(id);
        }

        public IReadOnlyList<Job> Ended(EndedQuery query) => _inner.Ended(query);

        public IReadOnlyList<Job> Children(string arrayId, int from) => _inner.Children(arrayId, from);

        public IEnumerable<StoredLine> Lines() => _inner.Lines();

        public void Dispose() => _inner.Dispose();
    }
}

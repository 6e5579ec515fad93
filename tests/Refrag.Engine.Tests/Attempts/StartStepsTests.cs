using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Attempts;

/// <summary>A large array starts in steps, so that the requests of others are answered between them.</summary>
public sealed class StartStepsTests
{
    private const int Size = 4 * Decisions.MostStarts;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_ArrayThatFitsAtOnce_StartsAllOfItInSteps(bool hasFleets)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var store = new CountingStore();
        var options = new LocalBatchOptions
        {
            VCpus = new VCpus(Size),
            Memory = new MebiBytes(Size),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(1), new Gpus(0))],
            Fleets = hasFleets ? new FleetOptions() : null,
        };
        var runner = new FakeRunner { Decide = _ => 0 };
        await using var batch =
            new LocalBatch(options, runner, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)), store: store);
        await batch.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
        {
            JobName = "many",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ArrayProperties = new ArrayProperties { Size = Size },
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
        }, token);

        await Eventually.HoldsAsync(() => store.Started == Size);
        Assert.InRange(store.MostAtOnce, 1, Decisions.MostStarts);
    }

    /// <summary>Counts how many jobs one commit, which is one step of the loop, starts.</summary>
    private sealed class CountingStore : IStateStore
    {
        private readonly MemoryStore _inner = new();
        private readonly HashSet<string> _started = [];
        private volatile int _startedCount;

        public int Started => _startedCount;

        public int MostAtOnce { get; private set; }

        public bool WaitsForDisk => false;

        public StoredState Load(DefinitionTable definitions) => _inner.Load(definitions);

        public void Commit(Changes changes)
        {
            int before = _started.Count;
            _started.UnionWith(changes.Jobs.Where(change => change.Job.State is JobState.Starting).Select(change => change.Job.Id));
            MostAtOnce = Math.Max(MostAtOnce, _started.Count - before);
            _startedCount = _started.Count;
            _inner.Commit(changes);
        }

        public Job? Find(string id) => _inner.Find(id);

        public IReadOnlyList<Job> Ended(EndedQuery query) => _inner.Ended(query);

        public IReadOnlyList<Job> Children(string arrayId, int from) => _inner.Children(arrayId, from);

        public IEnumerable<StoredLine> Lines() => _inner.Lines();

        public void Dispose() => _inner.Dispose();
    }
}

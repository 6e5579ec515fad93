using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;
using Refrag.Runners.Attempts;
using Refrag.Runners.Simulation;
using static Refrag.Engine.Tests.TaskRequests;

namespace Refrag.Engine.Tests.Loop;

/// <summary>Tasks of several containers in a state that an engine left which was killed.</summary>
public sealed class TaskRestartTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly string _path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Restart_TaskThatWasSimulatedAsAWhole_IsLostAndRunAtItsNextAttempt()
    {
        // Such are the records of versions that simulated every task of several containers.
        (LocalBatch first, CrashingStore store) = Crashing(new SimulatedRunner(_time));
        string id = await SubmitAsync(first, Container("a", ["run", "a"]), Container("b", ["run", "b"], false));
        JobDetail simulated = await first.WatchAsync(id, Token).FirstAsync(job => job.Status == JobStatus.Running, Token).AsTask().Soon();
        Assert.Single(simulated.Containers().Select(one => one.LogStreamName).Distinct());
        store.Dispose();

        var runner = new FakeRunner();
        await using LocalBatch second = Open(runner);
        await EndAsync(runner, 0, 0);
        JobDetail job = await EndedAsync(second, id);
        Assert.Equal((JobStatus.Succeeded, 2), (job.Status, job.Attempts!.Count));
        Assert.StartsWith("Host EC2", job.Attempts[0].StatusReason, StringComparison.Ordinal);
        Assert.Equal(2, runner.Starts.Count);
    }

    [Fact]
    public async Task Restart_ContainersThatAreNotFound_EndTheAttemptAsItsHostHadGone()
    {
        var runner = new FakeRunner();
        (LocalBatch first, CrashingStore store) = Crashing(runner);
        string id =
            await SubmitAsync(
                first, Container("main", ["run", "main"], true, ("init", "SUCCESS")), Container("init", ["run", "init"], false));
        await runner.Next();
        await first.WatchAsync(id, Token).FirstAsync(one => one.Status == JobStatus.Running, Token).AsTask().Soon();
        store.Dispose();

        var again = new FakeRunner();
        await using LocalBatch second = Open(again);
        await EndAsync(again, 0);
        await EndAsync(again, 0);
        JobDetail job = await EndedAsync(second, id);
        Assert.Equal((JobStatus.Succeeded, 2), (job.Status, job.Attempts!.Count));
        Assert.StartsWith("Host EC2", job.Attempts[0].StatusReason, StringComparison.Ordinal);
        Assert.Equal(["init", "main"], again.Starts.Select(start => start.Command[1]));
    }

    [Fact]
    public async Task Restart_TaskThatHasEnded_IsDescribedAsBefore()
    {
        string id;
        JobDetail before;
        await using (LocalBatch first = Open(new FakeRunner { Decide = start => start.Command[1] == "main" ? 3 : 0 }))
        {
            id = await SubmitAsync(
                first, Container("main", ["run", "main"], true, ("init", "SUCCESS")), Container("init", ["run", "init"], false));
            before = await EndedAsync(first, id);
        }
        await using LocalBatch second = Open(new FakeRunner());
        JobDetail after =
            Assert.Single((await second.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);
        Assert.Equal(Json(before), Json(after));
        Assert.Equal([3, 0], after.Containers().Select(one => one.ExitCode ?? -1));
    }

    private (LocalBatch Batch, CrashingStore Store) Crashing(IRunner runner)
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        return (Open(runner, store), store);
    }

    private LocalBatch Open(IRunner runner, IStateStore? store = null) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
        },
        runner, _time, store: store);

    private static async Task<string> SubmitAsync(LocalBatch batch, params TaskContainerProperties[] containers)
    {
        await batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition(containers), Token);
        return (await batch.SendAsync(
            BatchOperations.SubmitJob, Job with { RetryStrategy = new RetryStrategy { Attempts = 2 } }, Token)).JobId;
    }

    private static async Task EndAsync(FakeRunner runner, params int[] codes)
    {
        foreach (int code in codes) (await runner.Next()).End(code);
    }

    private static Task<JobDetail> EndedAsync(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static string Json(JobDetail detail) =>
        System.Text.Json.JsonSerializer.Serialize(
            detail, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<JobDetail>)BatchJson.Options.GetTypeInfo(typeof(JobDetail)));
}

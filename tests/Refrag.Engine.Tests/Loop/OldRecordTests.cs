using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;

namespace Refrag.Engine.Tests.Loop;

/// <summary>
/// A state of an earlier version may hold more than is accepted now: such a job fails with a reason, and everything else continues.
/// </summary>
public sealed class OldRecordTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly string _path = System.IO.Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2147483647")]
    [InlineData("1000000")]
    [InlineData("0")]
    public async Task Restart_JobsBeyondALimit_FailAndOthersContinue(string nodes)
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        LocalBatch first = Open(new FakeRunner(), store);
        await Register(first);
        string running = await Submit(first, Nodes());
        string waiting = await Submit(first, Nodes());
        string ordinary =
            await Submit(first,
                new SubmitJobRequest
                {
                    JobName = "job",
                    JobQueue = "refrag-cpu-job-queue",
                    JobDefinition = "def",
                    ContainerOverrides = new() { Command = ["run"] },
                });
        await Until(first, running, JobStatus.Running);
        store.Dispose();
        await Edit($"UPDATE jobs SET request = replace(request, '\"numNodes\":2', '\"numNodes\":{nodes}')");

        var runner = new FakeRunner();
        await using LocalBatch second = Open(runner);
        foreach (string id in new[] { running, waiting })
        {
            JobDetail job = await Ended(second, id);
            Assert.Equal(JobStatus.Failed, job.Status);
            Assert.Contains("numNodes", job.StatusReason, StringComparison.Ordinal);
        }
        FakeAttempt attempt = await runner.Next();
        Assert.Equal(ordinary, attempt.JobId);
        attempt.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, ordinary)).Status);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2147483647")]
    public async Task Restart_ArrayOfAnImpossibleSize_Fails(string size)
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        LocalBatch first = Open(new FakeRunner(), store);
        string id = await Submit(first, new SubmitJobRequest
        {
            JobName = "array",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ArrayProperties = new() { Size = 3 },
            ContainerOverrides = new() { Command = ["run"] },
        });
        store.Dispose();
        await Edit($"UPDATE jobs SET request = replace(request, '\"size\":3', '\"size\":{size}')");

        await using LocalBatch second = Open(new FakeRunner());
        JobDetail job = await Ended(second, id);
        Assert.Equal(JobStatus.Failed, job.Status);
        Assert.Contains("array", job.StatusReason, StringComparison.Ordinal);
    }

    // An earlier version took any number; AWS documents at most 120 s. (API TaskContainerProperties)
    [Fact]
    public async Task Terminate_JobWithAStoredStopTimeoutBeyondAnyTimer_EndsIt()
    {
        TaskContainerProperties main = TaskRequests.Container("main", ["run"]) with { StopTimeout = 119 };
        await using (LocalBatch first = Open(new FakeRunner()))
        {
            RegisterJobDefinitionRequest task = TaskRequests.Definition(main, TaskRequests.Container("side", ["run"], essential: false));
            await first.SendAsync(BatchOperations.RegisterJobDefinition, task, Token);
        }
        await Edit("UPDATE resources SET body = replace(body, '\"stopTimeout\":119', '\"stopTimeout\":2147483647')");

        var runner = new FakeRunner();
        await using LocalBatch second = Open(runner);
        string id = await Submit(second, TaskRequests.Job);
        FakeAttempt[] both = [await runner.Next(), await runner.Next()];
        await Until(second, id, JobStatus.Running);
        await second.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = "enough" }, Token).Soon();
        foreach (FakeAttempt one in both)
        {
            Assert.Equal(Refrag.Runners.Attempts.StopSignal.Terminate, await one.NextSignal());
            one.End(143);
        }
        JobDetail ended = await Ended(second, id);
        Assert.Equal((JobStatus.Failed, "enough"), (ended.Status, ended.StatusReason));
        Assert.Equal(int.MaxValue, ended.Containers()[0].StopTimeout);
    }

    private async Task Edit(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(_path, "state.db")};Pooling=False");
        connection.Open();
        SqliteSchema.Run(connection, sql);
    }

    private LocalBatch Open(FakeRunner runner, IStateStore? store = null) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            VCpus = new VCpus(2),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, _time, store: store);

    private static async Task Register(LocalBatch batch) => await batch.SendAsync(
        BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "nodes",
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = 1,
                MainNode = 0,
                NodeRangeProperties =
                [
                    new NodeRangeProperty
                    {
                        TargetNodes = "0:",
                        Container = new ContainerProperties
                        {
                            Image = "none",
                            Command = ["run"],
                            ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "10" }],
                        },
                    },
                ],
            },
        },
        Token);

    private static SubmitJobRequest Nodes() => new()
    {
        JobName = "nodes",
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "nodes",
        NodeOverrides = new() { NumNodes = 2 },
    };

    private static async Task<string> Submit(LocalBatch batch, SubmitJobRequest request) =>
        (await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static async Task Until(LocalBatch batch, string id, string status) =>
        await batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();
}

using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;

namespace Refrag.Engine.Tests.Loop;

/// <summary>No stored record may keep the engine from starting: what cannot be read fails alone, by name.</summary>
public sealed class DamagedRecordTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("request = '{'")]
    [InlineData("request = '{}'")]
    [InlineData("request = 'null'")]
    [InlineData("life = '['")]
    [InlineData("life = '{\"nodes\":[null]}'")]
    [InlineData("life = '{\"nodes\":[]}'")]
    [InlineData("status = 'ASLEEP'")]
    [InlineData("status = 'SUBMITTED'")]
    [InlineData("kind = 7")]
    [InlineData("definition = 'none:1'")]
    [InlineData("created_at = 9223372036854775807")]
    [InlineData("created_at = -9223372036854775807")]
    [InlineData("life = json_set(life, '$.startedAt', 9223372036854775807)")]
    [InlineData("life = json_set(life, '$.startedAt', -9223372036854775807)")]
    public async Task Restart_WithADamagedJob_LetsAllOthersContinue(string damage)
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string damaged = await Submit(first, "damaged");
        await runner.Next();
        await Until(first, damaged, JobStatus.Running);
        string other = await Submit(first, "other");
        store.Dispose();
        Run($"UPDATE jobs SET {damage} WHERE id = '{damaged}'");

        var again = new FakeRunner { Decide = _ => 0 };
        await using LocalBatch second = Open(again);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, other)).Status);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, await Submit(second, "plain"))).Status);
        await second.SendAsync(
            BatchOperations.ListJobs, new ListJobsRequest { JobQueue = "refrag-cpu-job-queue", JobStatus = JobStatus.Failed }, Token);
        await second.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [damaged] }, Token);
        Assert.Equal(EngineStatus.Ready, second.Health.Status);
    }

    [Fact]
    public async Task Restart_WithJobsThatCannotBeCounted_LetsAllOthersContinue()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store, vcpus: 2);
        foreach (string name in (string[])["one", "two"])
        {
            string id = await Submit(first, name);
            await runner.Next();
            await Until(first, id, JobStatus.Running);
        }
        store.Dispose();

        // Their sum is beyond what a number holds.
        var large = new Dictionary<string, long> { ["token"] = long.MaxValue };
        var changed = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true)
        {
            Change = stored =>
                stored with { Jobs = [.. stored.Jobs.Select(job => job with { Plan = job.Plan with { Consumables = large } })] },
        };
        await using LocalBatch second = Open(new FakeRunner { Decide = _ => 0 }, changed, vcpus: 4);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, await Submit(second, "plain"))).Status);
        Assert.Equal(EngineStatus.Ready, second.Health.Status);
        Assert.Contains(_log, line => line.Contains("consumable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_WithAJobThatCannotBeRead_FailsItWithItsIdInTheLog()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string id = await Submit(first, "damaged");
        await runner.Next();
        store.Dispose();
        Run("UPDATE jobs SET life = '['");
        await using (LocalBatch second = Open(new FakeRunner()))
        {
            JobDetail failed =
                Assert.Single((await second.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);
            Assert.Equal(JobStatus.Failed, failed.Status);
            Assert.Contains("RF4034", failed.StatusReason, StringComparison.Ordinal);
            Assert.Contains(_log, line => line.Contains(id, StringComparison.Ordinal));
        }
        _log.Clear();
        // It is failed once, and not at every start.
        await using LocalBatch third = Open(new FakeRunner());
        await third.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Restart_WithAnArrayThatCannotBeRead_FailsTheChildrenThatWaitForItsOwn()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string damaged = await Submit(first, "damaged", size: 2);
        string dependent = await Submit(first, "dependent", size: 2, new JobDependency { JobId = damaged, Type = ArrayJobDependency.NToN });
        await runner.Next();
        store.Dispose();
        Run($"UPDATE jobs SET request = '{{' WHERE id = '{damaged}'");

        await using LocalBatch second = Open(new FakeRunner { Decide = _ => 0 });
        JobDetail ended = await Ended(second, dependent);
        Assert.Equal(JobStatus.Failed, ended.Status);
        var failed = new ListJobsRequest { ArrayJobId = dependent, JobStatus = JobStatus.Failed };
        ListJobsResponse children = await second.SendAsync(BatchOperations.ListJobs, failed, Token);
        Assert.Equal(["Dependent Job failed", "Dependent Job failed"], children.JobSummaryList.Select(child => child.StatusReason));
    }

    [Theory]
    [InlineData("UPDATE children SET life = '['")]
    [InlineData("UPDATE children SET status = 'ASLEEP'")]
    [InlineData("UPDATE jobs SET request = '{'")]
    [InlineData("UPDATE jobs SET life = '['")]
    public async Task TerminateAndCancel_OfTheChildrenOfADamagedArray_ChangeNothing(string damage)
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string id = await Submit(first, "damaged", size: 3);
        await runner.Next();
        await Until(first, $"{id}:0", JobStatus.Running);
        store.Dispose();
        Run(damage);

        IReadOnlyList<(string?, string?)> shown;
        await using (LocalBatch second = Open(new FakeRunner { Decide = _ => 0 }))
        {
            foreach (string child in (string[])[$"{id}:0", $"{id}:1"])
            {
                await second.SendAsync(
                    BatchOperations.CancelJob, new CancelJobRequest { JobId = child, Reason = "too late" }, Token).Soon();
                await second.SendAsync(
                    BatchOperations.TerminateJob, new TerminateJobRequest { JobId = child, Reason = "too late" }, Token).Soon();
            }
            Assert.Equal(JobStatus.Succeeded, (await Ended(second, await Submit(second, "plain"))).Status);
            shown = await Shown(second, id);
            Assert.All(shown, job => Assert.Equal(JobStatus.Failed, job.Item1));
            Assert.All(shown, job => Assert.Contains("RF4034", job.Item2, StringComparison.Ordinal));
            string logged = Assert.Single(_log);
            Assert.Contains(id, logged, StringComparison.Ordinal);
        }
        await using LocalBatch third = Open(new FakeRunner());
        Assert.Equal(shown, await Shown(third, id));
        Assert.Single(_log);
    }

    // The array, and its children where its record still says that it is one.
    private static async Task<IReadOnlyList<(string? Status, string? Reason)>> Shown(LocalBatch batch, string id)
    {
        var request = new DescribeJobsRequest { Jobs = [id, $"{id}:0", $"{id}:1", $"{id}:2"] };
        DescribeJobsResponse described = await batch.SendAsync(BatchOperations.DescribeJobs, request, Token).Soon();
        Assert.Equal(id, described.Jobs![0].JobId);
        if (described.Jobs.Count > 1)
        {
            var children = new ListJobsRequest { ArrayJobId = id, JobStatus = JobStatus.Failed };
            Assert.Equal(3, (await batch.SendAsync(BatchOperations.ListJobs, children, Token).Soon()).JobSummaryList.Count);
            Assert.Equal(3, described.Jobs[0].ArrayProperties!.StatusSummary![JobStatus.Failed]);
        }
        return [.. described.Jobs.Select(job => (job.Status, job.StatusReason))];
    }

    [Fact]
    public async Task Restart_WithAJobThatCannotBeTakenUp_FailsItAndKeepsItsId()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string id = await Submit(first, "damaged");
        await runner.Next();
        await Until(first, id, JobStatus.Running);
        store.Dispose();

        await using LocalBatch second = Open(new FakeRunner { Decide = _ => 0 }, Damaging(id));
        JobDetail failed = await Ended(second, id);
        Assert.Equal(JobStatus.Failed, failed.Status);
        Assert.Contains("RF4034", failed.StatusReason, StringComparison.Ordinal);
        await second.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = "too late" }, Token);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, await Submit(second, "plain"))).Status);
        Assert.Equal(EngineStatus.Ready, second.Health.Status);
    }

    [Fact]
    public async Task Restart_WithAnArrayThatCannotBeTakenUp_FailsTheChildrenThatWaitForItsOwn()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store);
        string damaged = await Submit(first, "damaged", size: 2);
        string dependent = await Submit(first, "dependent", size: 2, new JobDependency { JobId = damaged, Type = ArrayJobDependency.NToN });
        await runner.Next();
        store.Dispose();

        await using LocalBatch second = Open(new FakeRunner { Decide = _ => 0 }, Damaging(damaged));
        Assert.Equal(JobStatus.Failed, (await Ended(second, damaged)).Status);
        Assert.Equal(JobStatus.Failed, (await Ended(second, dependent)).Status);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, await Submit(second, "plain"))).Status);
        Assert.Equal(EngineStatus.Ready, second.Health.Status);
    }

    [Theory]
    [InlineData("job-queue")]
    [InlineData("compute-environment")]
    [InlineData("job-definition")]
    public async Task Restart_WithADamagedResource_LeavesItOutAndNamesIt(string kind)
    {
        await Open(new FakeRunner()).DisposeAsync();
        Run($"UPDATE resources SET body = '[' WHERE kind = '{kind}' AND name = (SELECT MAX(name) FROM resources WHERE kind = '{kind}')");
        await using LocalBatch second = Open(new FakeRunner());
        await second.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token);
        Assert.Equal(EngineStatus.Ready, second.Health.Status);
        Assert.Contains(_log, line => line.Contains(kind, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_WithAClockFarAhead_KeepsEndedJobsUntilTheirTimeHasPassed()
    {
        string id;
        await using (LocalBatch first = Open(new FakeRunner { Decide = _ => 0 }))
        {
            id = await Submit(first, "old");
            await Ended(first, id);
        }
        _time.Advance(TimeSpan.FromDays(365));
        await using LocalBatch second = Open(new FakeRunner { Decide = _ => 0 });
        Assert.Equal(1, await Count(second, id));
        _time.Advance(TimeSpan.FromDays(6));
        await Submit(second, "first");
        Assert.Equal(1, await Count(second, id));
        _time.Advance(TimeSpan.FromDays(2));
        await Submit(second, "second");
        Assert.Equal(0, await Count(second, id));
    }

    private static async Task<int> Count(LocalBatch batch, string id) =>
        (await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!.Count;

    // A store whose record of a submission can be read, and makes the engine's tables throw.
    private CrashingStore Damaging(string id) => new(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true)
    {
        Change = stored => stored with { Jobs = [.. stored.Jobs.Select(job => (job.ArrayId ?? job.Id) == id ? Damage(job) : job)] },
    };

    private static Job Damage(Job job) => job with { Plan = job.Plan with { DependsOn = [null!] } };

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_path, "state.db")};Pooling=False");
        connection.Open();
        SqliteSchema.Run(connection, sql);
    }

    private LocalBatch Open(FakeRunner runner, IStateStore? store = null, int vcpus = 1) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            // One job at a time: the second waits while the first runs, so that a restart finds nothing of it.
            VCpus = new VCpus(vcpus),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Log = _log.Enqueue,
        },
        runner, _time, store: store);

    private static async Task<string> Submit(
        LocalBatch batch, string name, int? size = null, params JobDependency[] dependsOn) => (await batch.SendAsync(
        BatchOperations.SubmitJob,
        new SubmitJobRequest
        {
            JobName = name,
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
            ArrayProperties = size is null ? null : new ArrayProperties { Size = size },
            DependsOn = dependsOn,
        },
        Token).Soon()).JobId;

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static Task<JobDetail> Until(LocalBatch batch, string id, string status) =>
        batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();
}

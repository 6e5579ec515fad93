using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Store;

public sealed class EndedStateTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly string _path = System.IO.Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
    private readonly List<Problem> _failures = [];

    [Fact]
    public async Task OpenEnded_EngineEndedInOrder_SaysWhatItSaid()
    {
        var runner = new FakeRunner();
        string id;
        JobDetail before;
        await using (LocalBatch first = Mirrored(runner))
        {
            id = await Submit(first, Request("job"));
            FakeAttempt attempt = await runner.Next();
            attempt.Print("a line");
            attempt.End(3);
            before = await Ended(first, id);
        }

        await using LocalBatch read = Opened();

        JobDetail after = await Describe(read, id);
        Assert.Equal(Json(before), Json(after));
        Assert.Equal(["a line"],
            await read.FollowStreamAsync(after.Container!.LogStreamName!, Token)
                .Select(line => line.Message).ToListAsync(Token).AsTask().Soon());
        Assert.Equal([id], await List(read, JobStatus.Failed));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task OpenEnded_WrittenByANewerVersion_IsRefused()
    {
        var runner = new FakeRunner();
        await using (LocalBatch first = Mirrored(runner))
        {
            string id = await Submit(first, Request("job"));
            (await runner.Next()).End(0);
            await Ended(first, id);
        }
        using (SqliteConnection newer = SqliteStore.Connect(Path.Combine(_path, "state.db"), SqliteOpenMode.ReadWrite))
        {
            using SqliteCommand command = newer.CreateCommand();
            command.CommandText = "INSERT INTO schema_version VALUES (1000, '')";
            command.ExecuteNonQuery();
        }

        Assert.Equal("RF4013", Assert.Single(LocalBatch.OpenEnded(_path, _time).Problems).Code);
    }

    [Fact]
    public async Task OpenEnded_EngineKilled_EveryJobHasEndedWithTheReason()
    {
        var runner = new FakeRunner();
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        LocalBatch killed = Mirrored(runner, store);
        string running = await Submit(killed, Request("running") with { RetryStrategy = new RetryStrategy { Attempts = 3 } });
        string array = await Submit(killed, Request("array") with { ArrayProperties = new ArrayProperties { Size = 3 } });
        // Two fit the machine; which of them starts first is not said.
        FakeAttempt[] started = [await runner.Next(), await runner.Next()];
        Assert.Single(started, attempt => attempt.JobId == $"{array}:0").End(0);
        await Until(killed, $"{array}:0", JobStatus.Succeeded);
        await Until(killed, running, JobStatus.Running);
        store.Dispose();

        await using LocalBatch read = Opened();

        JobDetail ended = await Describe(read, running);
        Assert.Equal((JobStatus.Failed, EndedState.CutOff, 1), (ended.Status, ended.StatusReason, ended.Attempts!.Count));
        JobDetail parent = await Describe(read, array);
        Assert.Equal((JobStatus.Failed, 1, 2),
            (parent.Status, parent.ArrayProperties!.StatusSummary!["SUCCEEDED"], parent.ArrayProperties.StatusSummary["FAILED"]));
        Assert.Equal(EndedState.CutOff, (await Describe(read, $"{array}:2")).StatusReason);
        Assert.Empty(runner.Starts.Skip(4));
        Assert.Single(started, attempt => attempt.JobId == running);
    }

    [Fact]
    public async Task OpenEnded_TwoReaders_BothRead()
    {
        await using (LocalBatch first = Mirrored(new FakeRunner { Decide = _ => 0 })) await Ended(
            first, await Submit(first, Request("job")));

        await using LocalBatch one = Opened();
        await using LocalBatch two = Opened();

        Assert.Equal(await List(one, JobStatus.Succeeded), await List(two, JobStatus.Succeeded));
    }

    [Fact]
    public void OpenEnded_EngineLives_IsRefused()
    {
        using SqliteStore held = SqliteStore.Open(_path, _time);

        Assert.Equal("RF4010", Assert.Single(LocalBatch.OpenEnded(_path, _time).Problems).Code);
    }

    [Fact]
    public void OpenEnded_FolderWithoutState_IsAProblem() =>
        Assert.Equal("RF4012", Assert.Single(LocalBatch.OpenEnded(_path, _time).Problems).Code);

    [Fact]
    public async Task Mirror_FolderCannotBeMade_IsReportedOnceAndTheJobsRun()
    {
        await File.WriteAllTextAsync(_path, "in the way", Token);
        var runner = new FakeRunner();
        await using (LocalBatch batch = Mirrored(runner))
        {
            string id = await Submit(batch, Request("job"));
            FakeAttempt attempt = await runner.Next();
            attempt.Print("a line");
            attempt.End(0);

            Assert.Equal(JobStatus.Succeeded, (await Ended(batch, id)).Status);
            Assert.Equal("a line", (await batch.FollowAsync(id, Token).FirstAsync(Token).AsTask().Soon()).Message);
        }
        Assert.Equal("RF4035", Assert.Single(_failures).Code);
    }

    private LocalBatch Mirrored(FakeRunner runner, IStateStore? store = null) => new(
        new LocalBatchOptions
        {
            MirrorDirectory = _path,
            MirrorFailed = _failures.Add,
            VCpus = new VCpus(2),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, _time, store: store);

    private LocalBatch Opened()
    {
        Assert.True(LocalBatch.OpenEnded(_path, _time).TryGet(out LocalBatch? batch, out IReadOnlyList<Problem> problems),
            string.Join(' ', problems));
        return batch;
    }

    private static SubmitJobRequest Request(string name) =>
        new()
        {
            JobName = name,
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition =
            "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run", name] }
        };

    private static async Task<string> Submit(LocalBatch batch, SubmitJobRequest request) =>
        (await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private static async Task<JobDetail> Describe(LocalBatch batch, string id) =>
        Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);

    private static async Task<List<string>> List(LocalBatch batch, string status) =>
        [.. (await batch.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { JobQueue = "refrag-cpu-job-queue", JobStatus = status },
            Token)).JobSummaryList.Select(job => job.JobId)];

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static Task<JobDetail> Until(LocalBatch batch, string id, string status) =>
        batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();

    private static string Json(JobDetail detail) =>
        System.Text.Json.JsonSerializer.Serialize(
            detail, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<JobDetail>)BatchJson.Options.GetTypeInfo(typeof(JobDetail)));
}

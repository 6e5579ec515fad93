using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;

namespace Refrag.Engine.Tests.Loop;

public sealed class RestartTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly string _path = System.IO.Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Restart_EndedJob_IsDescribedAsBefore()
    {
        var runner = new FakeRunner { Decide = _ => 3 };
        string id;
        JobDetail before;
        await using (LocalBatch first = Open(runner))
        {
            id = await Submit(first,
                Request("job") with
                {
                    Tags = new Dictionary<string, string> { ["a"] = "b" },
                    RetryStrategy = new RetryStrategy { Attempts = 2 },
                });
            before = await Ended(first, id);
        }
        await using LocalBatch second = Open(runner);
        JobDetail after = await Describe(second, id);
        Assert.Equal(Json(before), Json(after));
        Assert.Equal((JobStatus.Failed, 2, 3), (after.Status, after.Attempts!.Count, after.Attempts[1].Container!.ExitCode));
        Assert.Equal([id], await List(second, JobStatus.Failed));
    }

    [Fact]
    public async Task Restart_WaitingJobs_ContinueInTheirOrder()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, vCpus: 1, store: store);
        List<string> ids = [];
        foreach (string name in new[] { "a", "b", "c" }) ids.Add(await Submit(first, Request(name)));
        await Until(first, ids[0], JobStatus.Running);
        store.Dispose();

        var again = new FakeRunner();
        await using LocalBatch second = Open(again, vCpus: 1);
        foreach (string id in ids.Skip(1))
        {
            FakeAttempt attempt = await again.Next();
            Assert.Equal(id, attempt.JobId);
            attempt.End(0);
        }
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, ids[2])).Status);
    }

    [Fact]
    public async Task Restart_RunningJobThatIsNotFound_EndsAsItsHostHadGoneAndIsRetriedByItsRules()
    {
        var runner = new FakeRunner();
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        LocalBatch first = Open(runner, store: store);
        var spot = new RetryStrategy
        {
            Attempts = 2,
            EvaluateOnExit = [new EvaluateOnExit { OnStatusReason = "Host EC2*", Action = "RETRY" },
                new EvaluateOnExit { OnReason = "*", Action = "EXIT" }],
        };
        string retried = await Submit(first, Request("spot") with { RetryStrategy = spot });
        string failed = await Submit(first, Request("once"));
        await Until(first, retried, JobStatus.Running);
        await Until(first, failed, JobStatus.Running);
        store.Dispose();

        var again = new FakeRunner();
        await using LocalBatch second = Open(again);
        JobDetail ended = await Ended(second, failed);
        Assert.Equal(JobStatus.Failed, ended.Status);
        Assert.Matches(@"^Host EC2 \(instance i-[0-9a-f]{17}\) terminated\.$", ended.StatusReason);
        FakeAttempt attempt = await again.Next();
        Assert.Equal((retried, "2"), (attempt.JobId, attempt.Environment["AWS_BATCH_JOB_ATTEMPT"]));
        attempt.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(second, retried)).Status);
    }

    [Fact]
    public async Task Restart_ArrayInTheMiddle_KeepsWhatChildrenHaveDone()
    {
        var runner = new FakeRunner();
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        LocalBatch first = Open(runner, vCpus: 1, store: store);
        string id =
            await Submit(first,
                Request("array") with
                {
                    ArrayProperties = new ArrayProperties { Size = 4 },
                    DependsOn = [new JobDependency { Type = "SEQUENTIAL" }],
                });
        (await runner.Next()).End(0);
        FakeAttempt running = await runner.Next();
        Assert.Equal($"{id}:1", running.JobId);
        await Until(first, $"{id}:1", JobStatus.Running);
        store.Dispose();

        var again = new FakeRunner { Decide = _ => 0 };
        await using LocalBatch second = Open(again, vCpus: 1);
        JobDetail parent = await Ended(second, id);
        Assert.Equal((JobStatus.Failed, 1, 3),
            (parent.Status, parent.ArrayProperties!.StatusSummary!["SUCCEEDED"], parent.ArrayProperties.StatusSummary["FAILED"]));
        Assert.Equal("Dependent Job failed", (await Describe(second, $"{id}:3")).StatusReason);
    }

    [Fact]
    public async Task Restart_Resources_AreThereWithRevisionsAndTags()
    {
        await using (LocalBatch first = Open(new FakeRunner()))
        {
            foreach (string command in new[] { "two", "three" })
                await first.SendAsync(BatchOperations.RegisterJobDefinition,
                    new RegisterJobDefinitionRequest
                    {
                        JobDefinitionName = "def",
                        Type = "container",
                        ContainerProperties = Container(command),
                    }, Token);
            await first.SendAsync(
                BatchOperations.DeregisterJobDefinition, new DeregisterJobDefinitionRequest { JobDefinition = "def:3" }, Token);
            await first.SendAsync(
                BatchOperations.TagResource,
                new TagResourceRequest
                {
                    ResourceArn = "arn:aws:batch:us-east-1:000000000000:job-queue/refrag-cpu-job-queue",
                    Tags = new Dictionary<string, string> { ["k"] = "v" },
                }, Token);
        }
        await using LocalBatch second = Open(new FakeRunner());
        var definitions =
            await second.SendAsync(
                BatchOperations.DescribeJobDefinitions, new DescribeJobDefinitionsRequest { JobDefinitionName = "def" }, Token);
        Assert.Equal(
            [(3, "INACTIVE"), (2, "ACTIVE"), (1, "ACTIVE")], definitions.JobDefinitions!.Select(one => (one.Revision ?? 0, one.Status!)));
        var queues =
            await second.SendAsync(
                BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = ["refrag-cpu-job-queue"] }, Token);
        Assert.Equal("v", queues.JobQueues!.Single().Tags!["k"]);
        var next =
            await second.SendAsync(BatchOperations.RegisterJobDefinition,
                new RegisterJobDefinitionRequest { JobDefinitionName = "def", Type = "container", ContainerProperties = Container("four") },
                Token);
        Assert.Equal(4, next.Revision);
    }

    [Fact]
    public async Task Open_FolderInUse_IsAProblemThatNamesTheHolder()
    {
        await using LocalBatch first = Open(new FakeRunner());
        Result<LocalBatch> second = await LocalBatch.OpenAsync(new LocalBatchOptions { StateDirectory = _path }, cancellationToken: Token);
        Problem problem = Assert.Single(second.Problems);
        Assert.Equal("RF4010", problem.Code);
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName} since", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_HolderWasKilledAndAChildStillHasTheLock_WaitsForIt()
    {
        await Open(new FakeRunner()).DisposeAsync();
        string go = System.IO.Path.Combine(_path, "go"), held = System.IO.Path.Combine(_path, "held");
        using System.Diagnostics.Process child = System.Diagnostics.Process.Start(
            "flock", [System.IO.Path.Combine(_path, "lock"), "sh", "-c", $"touch {held}; until [ -e {go} ]; do sleep 0.01; done"]);
        // No process has this number.
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(_path, "holder.json"),
            JsonSerializer.Serialize(
                new LockHolder(999_999_999, 0, DateTimeOffset.UnixEpoch, Environment.MachineName), StateJson.Default.LockHolder), Token);
        await Eventually.HoldsAsync(() => File.Exists(held));
        Task<Result<LocalBatch>> opening =
            Task.Run(() => LocalBatch.OpenAsync(new LocalBatchOptions { StateDirectory = _path }, cancellationToken: Token), Token);
        await File.WriteAllTextAsync(go, "", Token);
        await using LocalBatch opened = (await opening.Soon()).Value;
        await child.WaitForExitAsync(Token).Soon();
    }

    [Fact]
    public async Task Open_NewerSchema_IsAProblem()
    {
        await Open(new FakeRunner()).DisposeAsync();
        await using (var connection =
            new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={System.IO.Path.Combine(_path, "state.db")};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Run(connection, "INSERT INTO schema_version VALUES (99, 'later')");
        }
        Assert.Equal("RF4013",
            Assert.Single(
                (await LocalBatch.OpenAsync(new LocalBatchOptions { StateDirectory = _path }, cancellationToken: Token)).Problems).Code);
    }

    [Fact]
    public async Task Open_DamagedFile_IsAProblem()
    {
        Directory.CreateDirectory(_path);
        await File.WriteAllTextAsync(System.IO.Path.Combine(_path, "state.db"), new string('x', 8192), Token);
        Assert.Equal("RF4016",
            Assert.Single(
                (await LocalBatch.OpenAsync(new LocalBatchOptions { StateDirectory = _path }, cancellationToken: Token)).Problems).Code);
    }

    [Fact]
    public async Task Commit_ThatFails_IsReportedToTheCallerAndEndsTheEngine()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), 2, writesLast: false);
        await using LocalBatch batch = Open(new FakeRunner { Decide = _ => 0 }, store: store);
        var failure = await Assert.ThrowsAsync<BatchException>(async () =>
        {
            while (true) await Submit(batch, Request("job"));
        }).Soon();
        Assert.Equal(BatchException.ServerException, failure.ErrorCode);
    }

    [Fact]
    public async Task Retention_EndedJobs_AreForgottenAndLaterOnesStay()
    {
        await using LocalBatch batch = Open(new FakeRunner { Decide = _ => 0 });
        string old = await Submit(batch, Request("old"));
        await Ended(batch, old);
        _time.Advance(TimeSpan.FromDays(6));
        string young = await Submit(batch, Request("young"));
        await Ended(batch, young);
        _time.Advance(TimeSpan.FromDays(1.5));
        // Whoever asks after the clock has moved is answered after the clean-up.
        await Submit(batch, Request("now"));
        Assert.Empty((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [old] }, Token)).Jobs!);
        Assert.Equal(JobStatus.Succeeded, (await Describe(batch, young)).Status);
    }

    [Fact]
    public async Task ExportAndImport_MoveEverything()
    {
        var runner = new FakeRunner { Decide = start => start.Command[1] == "waits" ? null : 0 };
        string ended;
        string array;
        await using (LocalBatch first = Open(runner))
        {
            ended = await Submit(first, Request("one"));
            array = await Submit(first, Request("array") with { ArrayProperties = new ArrayProperties { Size = 3 } });
            await Ended(first, ended);
            await Ended(first, array);
        }
        using var text = new StringWriter();
        Assert.True((await StateTransfer.ExportAsync(_path, text, _time, Token)).IsSuccess);
        string other = _path + "-other";
        using var lines = new StringReader(text.ToString());
        Assert.True((await StateTransfer.ImportAsync(other, lines, _time, cancellationToken: Token)).IsSuccess);
        using var again = new StringWriter();
        Assert.True((await StateTransfer.ExportAsync(other, again, _time, Token)).IsSuccess);
        Assert.Equal(text.ToString(), again.ToString());
        using var twice = new StringReader(text.ToString());
        Assert.Equal("RF4017", (await StateTransfer.ImportAsync(other, twice, _time, cancellationToken: Token)).Problems.Single().Code);
        using var broken = new StringReader("{\"type\":\"state\",\"version\":1}\n{\"type\":\"planet\"}");
        Assert.Equal("RF4018",
            (await StateTransfer.ImportAsync(_path + "-third", broken, _time, cancellationToken: Token)).Problems.Single().Code);
    }

    private LocalBatch Open(FakeRunner runner, int vCpus = 4, IStateStore? store = null) => new(
        new LocalBatchOptions
        {
            StateDirectory = _path,
            VCpus = new VCpus(vCpus),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, _time, store: store);

    private static SubmitJobRequest Request(string name) => new()
    {
        JobName = name,
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides { Command = ["run", name] },
    };

    private static ContainerProperties Container(string command) =>
        new()
        {
            Image = "none",
            Command = [command],
            ResourceRequirements = [new() { Type = "VCPU", Value = "1" },
            new() { Type = "MEMORY", Value = "4" }]
        };

    private static async Task<string> Submit(LocalBatch batch, SubmitJobRequest request) =>
        (await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private static async Task<JobDetail> Describe(LocalBatch batch, string id) =>
        Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);

    private static async Task<IEnumerable<string>> List(LocalBatch batch, string status) =>
        (await batch.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { JobQueue = "refrag-cpu-job-queue", JobStatus = status },
            Token)).JobSummaryList.Select(job => job.JobId);

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static Task<JobDetail> Until(LocalBatch batch, string id, string status) =>
        batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();

    private static string Json(JobDetail detail) =>
        System.Text.Json.JsonSerializer.Serialize(
            detail, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<JobDetail>)BatchJson.Options.GetTypeInfo(typeof(JobDetail)));
}

using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;
using Refrag.Runners.Attempts;
using Refrag.Runners.Simulation;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>
/// Times that have passed, and times further away than a timer reaches: a limit that has passed is due at once, and one that is far is
/// kept.
/// </summary>
public sealed class FarTimeTests(StateFolderFixture folder) : IClassFixture<StateFolderFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly StrictTime _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly string _path = Path.Combine(folder.Path, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Restart_AfterTheTimeLimitHasPassed_StopsTheJobAtOnce()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store, keepsState: true);
        string id = await Submit(first, Job(60));
        FakeAttempt left = await runner.Next();
        await Until(first, id, JobStatus.Running);
        store.Dispose();

        var again = new FakeRunner { Left = left };
        // A clock of its own: with that of the first engine, which a kill would have ended, that one would stop the job as well.
        var later = new StrictTime(_time.GetUtcNow().AddSeconds(65));
        await using LocalBatch second = Open(again, time: later, keepsState: true);
        Assert.Equal(StopSignal.Terminate, await left.NextSignal());
        left.End(143);
        JobDetail ended = await Ended(second, id);
        Assert.Equal((JobStatus.Failed, "Job attempt duration exceeded timeout"), (ended.Status, ended.StatusReason));
        await RunsPlainJob(second, again);
    }

    [Fact]
    public async Task Restart_WithAClockThatWasSetBack_LimitsNoLongerThanTheLimit()
    {
        var store = new CrashingStore(SqliteStore.Open(_path, _time), int.MaxValue, writesLast: true);
        var runner = new FakeRunner();
        LocalBatch first = Open(runner, store, keepsState: true);
        string id = await Submit(first, Job(60));
        FakeAttempt left = await runner.Next();
        await Until(first, id, JobStatus.Running);
        store.Dispose();

        var earlier = new StrictTime(_time.GetUtcNow().AddYears(-30));
        await using LocalBatch second = Open(new FakeRunner { Left = left }, time: earlier, keepsState: true);
        await Describe(second, id);
        earlier.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(StopSignal.Terminate, await left.NextSignal());
        left.End(143);
        Assert.Equal(JobStatus.Failed, (await Ended(second, id)).Status);
    }

    [Fact]
    public void Timer_OfTheLongestTime_IsArmedAndNeverThrows()
    {
        int runs = 0;
        foreach (TimeSpan due
            in (TimeSpan[])[TimeSpan.MinValue, TimeSpan.FromTicks(-1), TimeSpan.Zero, TimeSpan.FromSeconds(int.MaxValue),
                TimeSpan.MaxValue])
            _ = _time.RunAfter(due, () => Interlocked.Increment(ref runs));
        Assert.Equal(3, runs);
        _time.Advance(TimeSpan.FromSeconds(int.MaxValue - 1L));
        Assert.Equal(3, runs);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, runs);
    }

    [Fact]
    public async Task Timeout_FurtherThanATimerReaches_IsKept()
    {
        const int seconds = 4_294_968;
        var runner = new FakeRunner();
        await using LocalBatch batch = Open(runner);
        string id = await Submit(batch, Job(seconds));
        FakeAttempt attempt = await runner.Next();
        await Until(batch, id, JobStatus.Running);
        _time.Advance(TimeSpan.FromSeconds(seconds - 1L));
        await Describe(batch, id);
        Assert.False(attempt.WasSignalled);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        attempt.End(143);
        Assert.Equal(JobStatus.Failed, (await Ended(batch, id)).Status);
        await RunsPlainJob(batch, runner);
    }

    [Fact]
    public async Task StopTimeout_BeyondWhatAwsAllows_IsRefusedAndTheEngineContinues()
    {
        var runner = new FakeRunner();
        await using LocalBatch batch = Open(runner);
        TaskContainerProperties one = TaskRequests.Container("one", ["run"]) with { StopTimeout = int.MaxValue };
        await Assert.ThrowsAsync<InvalidRequestException>(
            () => batch.SendAsync(BatchOperations.RegisterJobDefinition, TaskRequests.Definition(one), Token));
        await RunsPlainJob(batch, runner);
    }

    [Fact]
    public async Task SimulatedJob_OfAYear_EndsAfterAYear()
    {
        await using LocalBatch batch = Open(new SimulatedRunner(_time));
        string id =
            await Submit(batch,
                Job(null) with
                {
                    ContainerOverrides = new ContainerOverrides
                    {
                        Environment = [new() { Name = SimulatedPlan.Seconds, Value = "31536000" }],
                    },
                });
        await Until(batch, id, JobStatus.Running);
        _time.Advance(TimeSpan.FromDays(365) - TimeSpan.FromSeconds(1));
        Assert.Equal(JobStatus.Running, (await Describe(batch, id)).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(JobStatus.Succeeded, (await Ended(batch, id)).Status);
    }

    [Fact]
    public async Task Stop_WithTheLongestGrace_IsTaken()
    {
        var runner = new FakeRunner();
        await using LocalBatch batch = Open(runner);
        string id = await Submit(batch, Job(null));
        FakeAttempt attempt = await runner.Next();
        await Until(batch, id, JobStatus.Running);
        Task stopped = batch.StopAsync(TimeSpan.MaxValue);
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        attempt.End(143);
        await stopped.Soon();
    }

    private async Task RunsPlainJob(LocalBatch batch, FakeRunner runner)
    {
        string id = await Submit(batch, Job(null));
        (await runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(batch, id)).Status);
    }

    private LocalBatch Open(IRunner runner, IStateStore? store = null, StrictTime? time = null, bool keepsState = false) => new(
        new LocalBatchOptions
        {
            StateDirectory = keepsState ? _path : null,
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, time ?? _time, store: store);

    private static SubmitJobRequest Job(int? timeout) => new()
    {
        JobName = "job",
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides { Command = ["run"] },
        Timeout = timeout is { } seconds ? new JobTimeout { AttemptDurationSeconds = seconds } : null,
    };

    private static async Task<string> Submit(LocalBatch batch, SubmitJobRequest request) =>
        (await batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private static async Task<JobDetail> Describe(LocalBatch batch, string id) =>
        Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);

    private static Task<JobDetail> Ended(LocalBatch batch, string id) => batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private static Task<JobDetail> Until(LocalBatch batch, string id, string status) =>
        batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();
}

using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Store;

/// <summary>
/// Whatever is asked, and at whatever commit the process dies: what was answered is there afterwards, once, and every job comes to an end.
/// </summary>
public sealed class CrashPropertyTests
{
    private const string Queue = "refrag-cpu-job-queue";

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_AfterAnyCommit_HasWhatWasAnswered() =>
        await Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Int[1, 60], Gen.Bool).SampleAsync(
        async (seed, commits, writesLast) =>
        {
            using var folder = new StateFolderFixture();
            Dictionary<string, Known> model = await RunUntilItDies(folder.Path, seed, commits, writesLast);
            await CheckAsync(folder.Path, model);
        },
        iter: 25, threads: 1);

    [Fact]
    public async Task Restart_AfterDeathBeforeTheFirstCommit_HasTheQueuesOfANewState()
    {
        using var folder = new StateFolderFixture();
        await CheckAsync(folder.Path, await RunUntilItDies(folder.Path, seed: 1, commits: 1, writesLast: false));
    }

    private static async Task<Dictionary<string, Known>> RunUntilItDies(string path, int seed, int commits, bool writesLast)
    {
        var time = new FakeTimeProvider(Start);
        var store = new CrashingStore(SqliteStore.Open(path, time), commits, writesLast);
        var random = new Random(seed);
        // A third of the attempts runs until it is killed, so that the crash finds jobs running.
        var runner = new FakeRunner
        {
            Decide = start => start.Environment["AWS_BATCH_JOB_ID"].Sum(c => c) % 3 is var kind && kind == 2 ? null : kind,
        };
        var model = new Dictionary<string, Known>();
        LocalBatch batch = Open(path, runner, time, store);
        try
        {
            for (int step = 0; step < 40; step++) await Step(batch, random, model);
        }
        catch (AwsException e) when (e is BatchException { ErrorCode: BatchException.ServerException }
            || e.Message.Contains("RF4009", StringComparison.Ordinal))
        {
            // It has died.
        }
        store.Dispose();
        return model;
    }

    private static async Task Step(LocalBatch batch, Random random, Dictionary<string, Known> model)
    {
        string? some = model.Count == 0 ? null : model.Keys.ElementAt(random.Next(model.Count));
        switch (random.Next(6))
        {
            case 0 or 1:
                await Submit(batch, model,
                    Request($"job{random.Next(100)}") with { RetryStrategy = new RetryStrategy { Attempts = random.Next(1, 4) } });
                break;
            case 2:
                await Submit(batch, model, Request("array") with { ArrayProperties = new ArrayProperties { Size = random.Next(2, 9) } });
                break;
            case 3 when some is not null:
                await Submit(batch, model, Request("after") with { DependsOn = [new JobDependency { JobId = some }] });
                break;
            case 4 when some is not null:
                await batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = some, Reason = "enough" }, Token)
                    .Soon();
                model[some] = model[some] with { IsTerminated = true };
                break;
            case 5 when some is not null:
                JobDetail seen = await Describe(batch, some);
                model[some] = model[some] with { End = seen.Status is JobStatus.Succeeded or JobStatus.Failed ? seen.Status : null };
                break;
        }
    }

    private static async Task CheckAsync(string path, Dictionary<string, Known> model)
    {
        var runner = new FakeRunner { Decide = _ => 0 };
        await using LocalBatch batch = Open(path, runner, new FakeTimeProvider(Start), store: null);
        foreach (var (id, known) in model)
        {
            JobDetail ended = await batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
            Assert.Equal((known.Name, known.Size), (ended.JobName, ended.ArrayProperties?.Size));
            if (known.End is { } end) Assert.Equal(end, ended.Status);
            if (known.Size is { } size) Assert.Equal(size, ended.ArrayProperties!.StatusSummary!.Values.Sum());
        }
        var listed = new List<string>();
        foreach (string status in new[] { JobStatus.Succeeded, JobStatus.Failed })
            listed.AddRange(
                (await batch.SendAsync(BatchOperations.ListJobs, new ListJobsRequest { JobQueue = Queue, JobStatus = status }, Token)
                    .Soon()).JobSummaryList.Select(job => job.JobId));
        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Empty(model.Keys.Except(listed));
    }

    private static LocalBatch Open(string path, FakeRunner runner, TimeProvider time, IStateStore? store) => new(
        new LocalBatchOptions
        {
            StateDirectory = path,
            VCpus = new VCpus(3),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, time, store: store);

    private static async Task Submit(LocalBatch batch, Dictionary<string, Known> model, SubmitJobRequest request)
    {
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, request, Token).Soon()).JobId;
        model.Add(id, new Known(request.JobName, request.ArrayProperties?.Size, null, false));
    }

    private static async Task<JobDetail> Describe(LocalBatch batch, string id) =>
        Assert.Single((await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token).Soon()).Jobs!);

    private static SubmitJobRequest Request(string name) => new()
    {
        JobName = name,
        JobQueue = Queue,
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides { Command = ["run", name] },
    };

    private sealed record Known(string Name, int? Size, string? End, bool IsTerminated);
}

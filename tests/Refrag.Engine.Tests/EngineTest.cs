using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests;

/// <summary>An engine with a runner and a clock that the test moves.</summary>
public abstract class EngineTest : IAsyncDisposable
{
    protected EngineTest()
    {
        Runner = new FakeRunner();
        Batch = Start(Runner);
    }

    private protected FakeRunner Runner { get; init; }

    protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    protected LocalBatch Batch { get; init; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Four vCPUs, 1000 MiB, GPUs 0 and 1.</summary>
    private protected LocalBatch Start(FakeRunner runner) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = ["0", "1"],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner,
        Time);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Task stopped = Batch.StopAsync(TimeSpan.Zero);
        while (Runner.HasNext) (await Runner.Next()).End(137);
        // What a test left running without its handle ends with the test's process.
        if (stopped.IsCompleted) await Batch.DisposeAsync();
    }

    private protected static SubmitJobRequest Request(string name = "job") => new()
    {
        JobName = name,
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "def",
        ContainerOverrides = new ContainerOverrides { Command = ["run", name] },
    };

    private protected async Task<string> Submit(SubmitJobRequest request) =>
        (await Batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private protected async Task<JobDetail> Describe(string id) =>
        Assert.Single((await Batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Token)).Jobs!);

    /// <summary>Waits until the job has a status.</summary>
    private protected async Task<JobDetail> Until(string id, string status) =>
        await Batch.WatchAsync(id, Token).FirstAsync(job => job.Status == status, Token).AsTask().Soon();

    private protected Task<JobDetail> Ended(string id) => Batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private protected Task Terminate(string id, string reason) =>
        Batch.SendAsync(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = id, Reason = reason }, Token);

    private protected Task Cancel(string id, string reason) =>
        Batch.SendAsync(BatchOperations.CancelJob, new CancelJobRequest { JobId = id, Reason = reason }, Token);

    private protected static async Task<string> Refused(Task task) => (await Assert.ThrowsAnyAsync<AwsException>(() => task)).Message;
}

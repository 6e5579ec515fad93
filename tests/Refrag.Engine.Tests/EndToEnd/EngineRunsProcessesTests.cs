using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>The engine with processes that outlive it: arrays, nodes and timeouts.</summary>
public sealed class EngineRunsProcessesTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly LocalBatch _batch;

    public EngineRunsProcessesTests() => _batch = new LocalBatch(
        new LocalBatchOptions { WorkingDirectory = "/", GpuIds = [], VCpus = new VCpus(4), Memory = new MebiBytes(4096) },
        new ProcessRunner(TimeProvider.System, _folder.At("attempts")),
        _time);

    public async ValueTask DisposeAsync()
    {
        await _batch.StopAsync(TimeSpan.Zero);
        await _batch.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Array_EveryChild_RunsOnceAndPrints()
    {
        string id =
            await SubmitAsync(
                Request("echo $AWS_BATCH_JOB_ARRAY_INDEX; exit $((AWS_BATCH_JOB_ARRAY_INDEX == 7))") with
                {
                    ArrayProperties = new ArrayProperties { Size = 25 },
                });
        List<int> lines = await _batch.FollowAsync(id, Token)
            .Select(line => int.Parse(line.Message, CultureInfo.InvariantCulture)).ToListAsync(Token).AsTask().Soon();
        Assert.Equal(Enumerable.Range(0, 25), lines.Order());
        IReadOnlyDictionary<string, int> summary = (await EndedAsync(id)).ArrayProperties!.StatusSummary!;
        Assert.Equal((24, 1), (summary["SUCCEEDED"], summary["FAILED"]));
    }

    [Fact]
    public async Task MultiNode_MainNodeEnds_OthersAreStopped()
    {
        // The main node ends when all have printed.
        string there = _folder.At("node-");
        await _batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "nodes",
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = 3,
                MainNode = 1,
                NodeRangeProperties = [new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    Container = Node(
                        $"echo $AWS_BATCH_JOB_NODE_INDEX; : >{there}$AWS_BATCH_JOB_NODE_INDEX; "
                            + "[ $AWS_BATCH_JOB_NODE_INDEX = 1 ] || exec sleep 600; "
                            + $"until [ -e {there}0 ] && [ -e {there}2 ]; do sleep 0.02; done"),
                }],
            },
        }, Token);
        string id = await SubmitAsync(Request("") with { JobDefinition = "nodes", ContainerOverrides = null });
        List<string> lines = await _batch.FollowAsync(id, Token).Select(line => line.Message).ToListAsync(Token).AsTask().Soon();
        Assert.Equal(["0", "1", "2"], lines.Order(StringComparer.Ordinal));
        Assert.Equal(JobStatus.Succeeded, (await EndedAsync(id)).Status);
    }

    [Fact]
    public async Task Timeout_ProgramIgnoresTerminate_IsKilledThirtySecondsLater()
    {
        string id =
            await SubmitAsync(
                Request("trap 'echo heard' TERM; echo up; while :; do sleep 0.05; done") with
                {
                    Timeout = new JobTimeout { AttemptDurationSeconds = 60 },
                });
        var lines = _batch.FollowAsync(id, Token).GetAsyncEnumerator(Token);
        Assert.Equal("up", await NextAsync(lines));
        await _batch.WatchAsync(id, Token).FirstAsync(job => job.Status == JobStatus.Running, Token).AsTask().Soon();
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("heard", await NextAsync(lines));
        _time.Advance(TimeSpan.FromSeconds(30));
        JobDetail job = await EndedAsync(id);
        Assert.Equal(
            (JobStatus.Failed, "Job attempt duration exceeded timeout", 137), (job.Status, job.StatusReason, job.Container?.ExitCode));
        await lines.DisposeAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<string> NextAsync(IAsyncEnumerator<Refrag.Engine.Logs.LogEvent> lines)
    {
        Assert.True(await lines.MoveNextAsync().AsTask().Soon());
        return lines.Current.Message;
    }

    private static ContainerProperties Node(string script) => new()
    {
        Image = "none",
        Command = ["sh", "-c", script],
        ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "1" },
            new ResourceRequirement { Type = "MEMORY", Value = "16" }],
    };

    private static SubmitJobRequest Request(string script) => new()
    {
        JobName = "job",
        JobQueue = "refrag-cpu-job-queue",
        JobDefinition = "refrag-cpu-job-def",
        ContainerOverrides = new ContainerOverrides
        {
            Command = ["sh", "-c", script],
            ResourceRequirements = Node("").ResourceRequirements,
        },
    };

    private async Task<string> SubmitAsync(SubmitJobRequest request) =>
        (await _batch.SendAsync(BatchOperations.SubmitJob, request, Token)).JobId;

    private Task<JobDetail> EndedAsync(string id) => _batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
}

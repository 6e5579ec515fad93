using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.Operations;

/// <summary>With a latency, queues and environments take their time to change, and refuse updates meanwhile.</summary>
public sealed class ChangeLatencyTests : IAsyncDisposable
{
    private const string Queue = "refrag-cpu-job-queue";
    private const string Environment = "refrag-cpu-compute-env";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly LocalBatch _batch;

    public ChangeLatencyTests() => _batch = new LocalBatch(
        new LocalBatchOptions
        {
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            ChangeLatency = TimeSpan.FromSeconds(5),
            Queues = [new LocalQueue(Queue, Environment)],
        },
        new FakeRunner(), _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _batch.StopAsync(TimeSpan.Zero);
        await _batch.DisposeAsync();
    }

    [Fact]
    public async Task UpdateJobQueue_AnotherIsUnderWay_IsRefusedUntilItHasTakenItsTime()
    {
        await CloseQueue();
        Assert.Equal(("DISABLED", "UPDATING"), await QueueState());
        BatchException refused = await Assert.ThrowsAsync<BatchException>(CloseQueue);
        Assert.Equal(BatchException.ClientException, refused.ErrorCode);
        Assert.Contains("Cannot update, resource is being modified", refused.Error.Message);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(("DISABLED", "UPDATING"), await QueueState());
        await Eventually.HoldsAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return await QueueState() == ("DISABLED", "VALID");
        });
        await CloseQueue();
    }

    [Fact]
    public async Task UpdateComputeEnvironment_AnotherIsUnderWay_IsRefused()
    {
        await CloseEnvironment();
        BatchException refused = await Assert.ThrowsAsync<BatchException>(CloseEnvironment);
        Assert.Contains("Cannot update, resource is being modified", refused.Error.Message);
    }

    private Task CloseQueue() =>
        _batch.SendAsync(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = Queue, State = JQState.Disabled }, Stop);

    private Task CloseEnvironment() => _batch.SendAsync(
        BatchOperations.UpdateComputeEnvironment,
        new UpdateComputeEnvironmentRequest { ComputeEnvironment = Environment, State = CEState.Disabled }, Stop);

    private async Task<(string?, string?)> QueueState()
    {
        DescribeJobQueuesResponse answer =
            await _batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [Queue] }, Stop);
        JobQueueDetail queue = Assert.Single(answer.JobQueues!);
        return (queue.State, queue.Status);
    }
}

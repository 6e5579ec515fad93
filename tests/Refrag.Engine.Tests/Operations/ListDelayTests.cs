using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;

namespace Refrag.Engine.Tests.Operations;

/// <summary>With a list delay, a new job is in no list for a while, as AWS's lists are eventually consistent.</summary>
public sealed class ListDelayTests : IAsyncDisposable
{
    private const string Queue = "refrag-cpu-job-queue";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly FakeRunner _runner = new();
    private readonly LocalBatch _batch;

    public ListDelayTests() => _batch = new LocalBatch(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            ListDelay = TimeSpan.FromSeconds(5),
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        _runner, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Task stopped = _batch.StopAsync(TimeSpan.Zero);
        while (_runner.HasNext) (await _runner.Next()).End(137);
        if (stopped.IsCompleted) await _batch.DisposeAsync();
    }

    [Fact]
    public async Task ListJobs_JobIsNew_HasItAfterTheDelay()
    {
        string id = await Submit();
        FakeAttempt attempt = await _runner.Next();
        DescribeJobsResponse described = await _batch.SendAsync(
            BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, Stop);
        Assert.Equal(id, Assert.Single(described.Jobs!).JobId);
        Assert.Empty(await Everything());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await Everything());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([id], await Everything());
        attempt.End(0);
    }

    [Fact]
    public async Task ListJobsByConsumableResource_JobIsNew_HasItAfterTheDelay()
    {
        await _batch.SendAsync(
            BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "license", TotalQuantity = 1 }, Stop);
        string id = await Submit("license");
        FakeAttempt attempt = await _runner.Next();

        Assert.Empty(await Consumers());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await Consumers());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(id, Assert.Single(await Consumers()).JobArn!.Split('/')[^1]);
        attempt.End(0);
    }

    [Fact]
    public async Task ListServiceJobs_JobIsNew_HasItAfterTheDelay()
    {
        await _batch.SendAsync(BatchOperations.CreateServiceEnvironment, new CreateServiceEnvironmentRequest
        {
            ServiceEnvironmentName = "environment",
            ServiceEnvironmentType = "SAGEMAKER_TRAINING",
            CapacityLimits = [new() { MaxCapacity = 1, CapacityUnit = "ml.m5.large" }],
        }, Stop);
        await _batch.SendAsync(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = "training",
            Priority = 1,
            JobQueueType = "SAGEMAKER_TRAINING",
            ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "environment" }],
        }, Stop);
        SubmitServiceJobResponse submitted = await _batch.SendAsync(BatchOperations.SubmitServiceJob, new SubmitServiceJobRequest
        {
            JobName = "job",
            JobQueue = "training",
            ServiceJobType = "SAGEMAKER_TRAINING",
            ServiceRequestPayload = """
                {"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":1},"Environment":{"REFRAG_SIM_SECONDS":"3600"}}
                """,
        }, Stop);
        await _batch.SendAsync(
            BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = submitted.JobId }, Stop);

        Assert.Empty(await ServiceJobs());
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await ServiceJobs());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([submitted.JobId], await ServiceJobs());
    }

    [Fact]
    public async Task ListJobs_PageAfterPageWhileTimePasses_ContinuesWhereItWas()
    {
        string[] ids = [await Submit(), await Submit()];
        FakeAttempt[] attempts = [await _runner.Next(), await _runner.Next()];
        _time.Advance(TimeSpan.FromSeconds(6));
        ListJobsRequest request = new()
        {
            JobQueue = Queue,
            MaxResults = 1,
            Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = ["job"] }],
        };
        ListJobsResponse first = await _batch.SendAsync(BatchOperations.ListJobs, request, Stop);
        _time.Advance(TimeSpan.FromSeconds(1));
        ListJobsResponse second = await _batch.SendAsync(BatchOperations.ListJobs, request with { NextToken = first.NextToken }, Stop);
        Assert.Equal(ids.Order(), first.JobSummaryList.Concat(second.JobSummaryList).Select(job => job.JobId).Order());
        foreach (FakeAttempt attempt in attempts) attempt.End(0);
    }

    private async Task<string> Submit(string? consumable = null) => (await _batch.SendAsync(
        BatchOperations.SubmitJob,
        new SubmitJobRequest
        {
            JobName = "job",
            JobQueue = Queue,
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"] },
            ConsumableResourcePropertiesOverride = consumable is null ? null : new ConsumableResourceProperties
            {
                ConsumableResourceList = [new() { ConsumableResource = consumable, Quantity = 1 }],
            },
        },
        Stop)).JobId;

    private async Task<IReadOnlyList<ListJobsByConsumableResourceSummary>> Consumers() => (await _batch.SendAsync(
        BatchOperations.ListJobsByConsumableResource,
        new ListJobsByConsumableResourceRequest { ConsumableResource = "license" }, Stop)).Jobs;

    private async Task<IEnumerable<string>> ServiceJobs() => (await _batch.SendAsync(
        BatchOperations.ListServiceJobs,
        new ListServiceJobsRequest { JobQueue = "training", Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = ["*"] }] },
        Stop)).JobSummaryList.Select(job => job.JobId);

    private async Task<IEnumerable<string>> Everything() => (await _batch.SendAsync(
        BatchOperations.ListJobs,
        new ListJobsRequest { JobQueue = Queue, Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = ["*"] }] },
        Stop)).JobSummaryList.Select(job => job.JobId);
}

using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Placement;

/// <summary>
/// An engine with a queue of quota shares over eight instances of one type. Jobs are simulated: one takes an hour by the test's clock.
/// </summary>
public abstract class QuotaShareTest : IAsyncDisposable
{
    protected const string Queue = "training";
    protected const string Type = "ml.m5.large";

    protected QuotaShareTest() => Batch = Open();

    protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    protected LocalBatch Batch { get; set; }

    private protected KeptEvents Events { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected LocalBatch Open(IStateStore? store = null) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Events = Events,
        },
        new FakeRunner(), Time, store: store);

    private protected Task<TResponse> Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => Batch.SendAsync(operation, request, Token);

    private protected async Task MakeQueue(int capacity = 8)
    {
        var policy =
            await Send(BatchOperations.CreateSchedulingPolicy,
                new CreateSchedulingPolicyRequest
                {
                    Name = "quotas",
                    QuotaSharePolicy = new QuotaSharePolicy { IdleResourceAssignmentStrategy = "FIFO" },
                });
        await Send(BatchOperations.CreateServiceEnvironment, new CreateServiceEnvironmentRequest
        {
            ServiceEnvironmentName = "environment",
            ServiceEnvironmentType = "SAGEMAKER_TRAINING",
            CapacityLimits = [new() { MaxCapacity = capacity, CapacityUnit = Type }],
        });
        await Send(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = Queue,
            Priority = 1,
            JobQueueType = "SAGEMAKER_TRAINING",
            SchedulingPolicyArn = policy.Arn,
            ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "environment" }],
        });
    }

    /// <summary>Makes a share; answers its ARN.</summary>
    private protected async Task<string> Share(
        string name, int own, string strategy = QuotaShareResourceSharingStrategy.LendAndBorrow, bool inShare = false) =>
        (await Send(BatchOperations.CreateQuotaShare, new CreateQuotaShareRequest
        {
            QuotaShareName = name,
            JobQueue = Queue,
            CapacityLimits = [new() { MaxCapacity = own, CapacityUnit = Type }],
            ResourceSharingConfiguration = new QuotaShareResourceSharingConfiguration { Strategy = strategy },
            PreemptionConfiguration = new QuotaSharePreemptionConfiguration { InSharePreemption = inShare ? "ENABLED" : "DISABLED" },
        })).QuotaShareArn!;

    private protected async Task<string> Submit(string share, int count, int priority = 0, int? retries = null, int stopSeconds = 0) =>
        (await Send(BatchOperations.SubmitServiceJob, new SubmitServiceJobRequest
        {
            JobName = share,
            JobQueue = Queue,
            ServiceJobType = "SAGEMAKER_TRAINING",
            QuotaShareName = share,
            SchedulingPriority = priority,
            PreemptionConfiguration = retries is null
                ? null
                : new ServiceJobPreemptionConfiguration { PreemptionRetriesBeforeTermination = retries },
            ServiceRequestPayload =
                $$$"""{"ResourceConfig":{"InstanceType":"{{{Type}}}","InstanceCount":{{{count}}}},"Environment":"""
                    + $$$"""{"REFRAG_SIM_SECONDS":"3600","REFRAG_SIM_STOP_SECONDS":"{{{stopSeconds}}}"}}""",
        })).JobId;

    private protected Task<DescribeServiceJobResponse> Describe(string id) =>
        Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = id });

    /// <summary>Asks until a job is as it should be. Each question goes through the engine's loop, which gives it time.</summary>
    private protected async Task<DescribeServiceJobResponse> Until(string id, Func<DescribeServiceJobResponse, bool> condition)
    {
        DescribeServiceJobResponse? job = null;
        await Eventually.HoldsAsync(async () => condition(job = await Describe(id)));
        return job!;
    }

    private protected Task<DescribeServiceJobResponse> Until(string id, string status) => Until(id, job => job.Status == status);

    private protected Task<GetJobQueueSnapshotResponse> Snapshot() =>
        Send(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = Queue });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Batch.StopAsync(TimeSpan.Zero);
        await Batch.DisposeAsync();
    }
}

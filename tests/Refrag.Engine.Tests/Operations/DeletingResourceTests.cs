using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Operations.ComputeEnvironments;
using Refrag.Engine.Operations.JobQueues;
using Refrag.Engine.Operations.QuotaShares;
using Refrag.Engine.Operations.ServiceEnvironments;
using Refrag.Engine.Options;
using Refrag.Engine.Placement;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Operations;

/// <summary>A resource that is being deleted can be neither updated, which would undo the deletion, nor used by another one.</summary>
public sealed class DeletingResourceTests
{
    private const string Environment = "environment";
    private const string Queue = "queue";

    private readonly EngineState _state = new(
        new LocalBatchOptions { GpuIds = [], Variables = new Dictionary<string, string>() }, new MemoryStore(),
        new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)), _ => { });

    [Fact]
    public void ComputeEnvironment_Deleting_IsNeitherUpdatedNorUsed()
    {
        _state.ComputeEnvironments.Put(Compute(CEStatus.Deleting));
        RefusesUpdate(
            () => new ComputeEnvironmentOperations(_state, new Placements(_state), Nothing).Update(
                new UpdateComputeEnvironmentRequest { ComputeEnvironment = Environment, State = CEState.Enabled }));
        Assert.Equal(CEStatus.Deleting, _state.ComputeEnvironments.Find(Environment)!.Status);
        Assert.Contains(
            "not VALID but DELETING", Assert.Throws<Refusal>(() => Queues().Create(WithCompute())).Message, StringComparison.Ordinal);
        _state.JobQueues.Put(OnServices(JQStatus.Valid) with { ServiceEnvironmentOrder = null, JobQueueType = null });
        var update = new UpdateJobQueueRequest
        {
            JobQueue = Queue,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Environment }],
        };
        Assert.Contains("not VALID but DELETING", Assert.Throws<Refusal>(() => Queues().Update(update)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceEnvironment_Deleting_IsNeitherUpdatedNorUsed()
    {
        _state.ServiceEnvironments.Put(Service(ServiceEnvironmentStatus.Deleting));
        RefusesUpdate(
            () => new ServiceEnvironmentOperations(_state, Nothing).Update(
                new UpdateServiceEnvironmentRequest { ServiceEnvironment = Environment, State = "ENABLED" }));
        Assert.Equal(ServiceEnvironmentStatus.Deleting, _state.ServiceEnvironments.Find(Environment)!.Status);
        Assert.Contains(
            "not VALID but DELETING", Assert.Throws<Refusal>(() => Queues().Create(WithService())).Message, StringComparison.Ordinal);
        _state.JobQueues.Put(OnServices(JQStatus.Valid) with { ServiceEnvironmentOrder = null, JobQueueType = null });
        var update = new UpdateJobQueueRequest
        {
            JobQueue = Queue,
            ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = Environment }],
        };
        Assert.Contains("not VALID but DELETING", Assert.Throws<Refusal>(() => Queues().Update(update)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_Deleting_IsNeitherUpdatedNorUsed()
    {
        _state.JobQueues.Put(OnServices(JQStatus.Deleting));
        RefusesUpdate(() => Queues().Update(new UpdateJobQueueRequest { JobQueue = Queue, State = JQState.Enabled }));
        Assert.Equal(JQStatus.Deleting, _state.JobQueues.Find(Queue)!.Status);
        Assert.Contains("DELETING",
            Assert.Throws<Refusal>(() => QueueRules.CheckAccepts(OnServices(JQStatus.Deleting) with { State = JQState.Enabled })).Message,
            StringComparison.Ordinal);
        var share = new CreateQuotaShareRequest
        {
            QuotaShareName = "share",
            JobQueue = Queue,
            CapacityLimits = [new() { MaxCapacity = 1, CapacityUnit = "ml.m5.large" }],
            ResourceSharingConfiguration = new() { Strategy = "RESERVE" },
            PreemptionConfiguration = new() { InSharePreemption = "DISABLED" },
        };
        Assert.Contains("not VALID but DELETING", Assert.Throws<Refusal>(() => Shares().Create(share)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QuotaShareStatus.Deleting, JQStatus.Valid)]
    [InlineData(QuotaShareStatus.Valid, JQStatus.Deleting)]
    public void QuotaShare_DeletingOrOfADeletingQueue_IsNotUpdated(string share, string queue)
    {
        _state.JobQueues.Put(OnServices(queue));
        string arn = LocalArns.Usual.QuotaShare(Queue, "share");
        _state.QuotaShares.Put(
            new DescribeQuotaShareResponse
            {
                QuotaShareName = "share",
                QuotaShareArn = arn,
                JobQueueArn = LocalArns.Usual.Queue(Queue),
                State = "DISABLED",
                Status = share,
            });
        RefusesUpdate(() => Shares().Update(new UpdateQuotaShareRequest { QuotaShareArn = arn, State = "ENABLED" }));
        Assert.Equal(share, _state.QuotaShares.Find(arn)!.Status);
    }

    [Fact]
    public void Tags_OfADeletingResource_LeaveItDeleting()
    {
        _state.ServiceEnvironments.Put(Service(ServiceEnvironmentStatus.Deleting));
        new Refrag.Engine.Operations.Tags.TagOperations(_state).Tag(
            new TagResourceRequest
            {
                ResourceArn = LocalArns.Usual.ServiceEnvironment(Environment),
                Tags = new Dictionary<string, string> { ["a"] = "b" },
            });
        Assert.Equal(ServiceEnvironmentStatus.Deleting, _state.ServiceEnvironments.Find(Environment)!.Status);
    }

    private static void RefusesUpdate(Action update) =>
        Assert.Contains("is being deleted", Assert.Throws<Refusal>(update).Message, StringComparison.Ordinal);

    private static void Nothing()
    {
    }

    // No job is here, so that there is nothing to end.
    private JobQueueOperations Queues() => new(_state, null!, Nothing);

    private QuotaShareOperations Shares() => new(_state, null!, Nothing);

    private static ComputeEnvironmentDetail Compute(string status) => new()
    {
        ComputeEnvironmentName = Environment,
        ComputeEnvironmentArn = LocalArns.Usual.ComputeEnvironment(Environment),
        Type = CEType.Unmanaged,
        State = CEState.Disabled,
        Status = status,
    };

    private static ServiceEnvironmentDetail Service(string status) => new()
    {
        ServiceEnvironmentName = Environment,
        ServiceEnvironmentArn = LocalArns.Usual.ServiceEnvironment(Environment),
        ServiceEnvironmentType = "SAGEMAKER_TRAINING",
        CapacityLimits = [new() { MaxCapacity = 1, CapacityUnit = "NUM_INSTANCES" }],
        State = "DISABLED",
        Status = status,
    };

    private static JobQueueDetail OnServices(string status) => new()
    {
        JobQueueName = Queue,
        JobQueueArn = LocalArns.Usual.Queue(Queue),
        State = JQState.Disabled,
        Status = status,
        Priority = 1,
        ComputeEnvironmentOrder = [],
        ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = LocalArns.Usual.ServiceEnvironment(Environment) }],
        JobQueueType = "SAGEMAKER_TRAINING",
    };

    private static CreateJobQueueRequest WithCompute() => new()
    {
        JobQueueName = "new",
        Priority = 1,
        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Environment }],
    };

    private static CreateJobQueueRequest WithService() => new()
    {
        JobQueueName = "new",
        Priority = 1,
        JobQueueType = "SAGEMAKER_TRAINING",
        ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = Environment }],
    };
}

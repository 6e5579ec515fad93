using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Engine.Store;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>
/// An engine with fleets, whose instances take two seconds to start by the test's clock, on a machine of four vCPUs without GPUs.
/// </summary>
public abstract class FleetTest : IAsyncDisposable
{
    protected const string Queue = "queue";
    protected static readonly TimeSpan InstanceStart = TimeSpan.FromSeconds(2);

    private static readonly InstanceCatalogue s_types = InstanceCatalogue.Load();

    protected FleetTest() => Batch = Open(new Scenario { StartUp = InstanceStart, Refusal = InstanceStart });

    private protected FakeRunner Runner { get; set; } = new();

    protected FakeTimeProvider Time { get; } = new StrictTime(DateTimeOffset.UnixEpoch.AddDays(20_000));

    protected LocalBatch Batch { get; set; }

    /// <summary>What the engine has said to those who run it.</summary>
    protected ConcurrentQueue<string> Said { get; } = new();

    private protected KeptEvents Events { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected LocalBatch Open(
        Scenario scenario, IStateStore? store = null, long memory = 1000, InstanceCatalogue? types = null) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(memory),
            GpuIds = [],
            Variables = new Dictionary<string, string>(),
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
            Fleets = new FleetOptions { Scenario = scenario, Catalogue = types ?? s_types },
            Events = Events,
            Log = Said.Enqueue,
        },
        Runner, Time, store: store);

    private protected Task<TResponse> Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => Batch.SendAsync(operation, request, Token);

    private protected Task Environment(string name, string[] types, int most = 64, string type = CRType.Ec2, string? strategy = null,
        int? bid = null) =>
        Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = name,
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = type,
                MaxvCpus = most,
                Subnets = ["subnet-1"],
                SecurityGroupIds = ["sg-1"],
                InstanceTypes = types,
                InstanceRole = "role",
                BidPercentage = bid,
                AllocationStrategy = strategy ?? CRAllocationStrategy.BestFitProgressive,
            },
        });

    private protected Task Fargate(int most) => Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
    {
        ComputeEnvironmentName = "fargate",
        Type = CEType.Managed,
        ComputeResources = new ComputeResource
        {
            Type = CRType.Fargate,
            MaxvCpus = most,
            Subnets = ["subnet-1"],
            SecurityGroupIds = ["sg-1"],
        },
    });

    private protected Task MakeQueue(
        string name, string[] environments, int priority = 1, string? policy = null, params JobStateTimeLimitAction[] limits) =>
        Send(BatchOperations.CreateJobQueue, new CreateJobQueueRequest
        {
            JobQueueName = name,
            Priority = priority,
            SchedulingPolicyArn = policy,
            ComputeEnvironmentOrder = [.. environments.Select(
                (environment, at) => new ComputeEnvironmentOrder { Order = at + 1, ComputeEnvironment = environment })],
            JobStateTimeLimitActions = limits,
        });

    private protected async Task<string> Submit(string name = "job", int vCpus = 1, int memory = 100, int gpus = 0, string queue = Queue,
        Func<SubmitJobRequest, SubmitJobRequest>? with = null)
    {
        List<ResourceRequirement> needs = [new() { Type = ResourceType.Vcpu, Value = $"{vCpus}" },
            new() { Type = ResourceType.Memory, Value = $"{memory}" }];
        if (gpus > 0) needs.Add(new ResourceRequirement { Type = ResourceType.Gpu, Value = $"{gpus}" });
        var request = new SubmitJobRequest
        {
            JobName = name,
            JobQueue = queue,
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run", name], ResourceRequirements = needs },
        };
        return (await Send(BatchOperations.SubmitJob, with is null ? request : with(request))).JobId;
    }

    private protected async Task<JobDetail> Describe(string id) =>
        Assert.Single((await Send(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] })).Jobs!);

    private protected async Task<ComputeEnvironmentDetail> DescribeEnvironment(string name) =>
        Assert.Single(
            (await Send(BatchOperations.DescribeComputeEnvironments,
                new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [name] })).ComputeEnvironments!);

    private protected async Task<JobDetail> Until(string id, Func<JobDetail, bool> condition) =>
        await Batch.WatchAsync(id, Token).FirstAsync(condition, Token).AsTask().Soon();

    private protected Task<JobDetail> Ended(string id) => Batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();

    private protected async Task DeleteQueue(string name)
    {
        await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = name, State = JQState.Disabled });
        await Send(BatchOperations.DeleteJobQueue, new DeleteJobQueueRequest { JobQueue = name });
        // It goes in the step after; an answer shows that the step is done.
        await Send(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest());
    }

    /// <summary>The ids of the jobs that wait in a queue, in their order.</summary>
    private protected async Task<IReadOnlyList<string>> Front(string queue) =>
        [.. (await Send(BatchOperations.GetJobQueueSnapshot,
            new GetJobQueueSnapshotRequest { JobQueue = queue })).FrontOfQueue!.Jobs!.Select(job => job.JobArn!.Split('/')[^1])];

    /// <summary>The definition <c>nodes</c> of a job with two nodes of two vCPUs each.</summary>
    private protected static RegisterJobDefinitionRequest TwoNodes() => new()
    {
        JobDefinitionName = "nodes",
        Type = JobDefinitionType.Multinode,
        NodeProperties = new NodeProperties
        {
            NumNodes = 2,
            MainNode = 0,
            NodeRangeProperties =
            [
                new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    Container = new ContainerProperties
                    {
                        Image = "image",
                        Command = ["run"],
                        ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "2" },
                            new() { Type = ResourceType.Memory, Value = "200" }],
                    },
                },
            ],
        },
    };

    /// <summary>The instances that were asked for are up now.</summary>
    private protected void InstancesStart() => Time.Advance(InstanceStart);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Task stopped = Batch.StopAsync(TimeSpan.Zero);
        while (Runner.HasNext) (await Runner.Next()).End(137);
        // What a test left running without its handle ends with the test's process.
        if (stopped.IsCompleted) await Batch.DisposeAsync();
    }
}

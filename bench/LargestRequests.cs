using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Tests;

/// <summary>
/// Every operation of the API with the largest requests that are accepted, one after the other: bench/limits.cs measures how long each
/// keeps the engine, and a test holds each to its memory.
/// </summary>
/// <param name="batch">A simulated engine with fleets, and with enough vCPUs that an array of 10,000 starts at once.</param>
public sealed class LargestRequests(LocalBatch batch)
{
    private const string SmallestType = "m6g.medium";
    private const string SeededQueue = "refrag-cpu-job-queue";
    private const string Payload = """{"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":2147483647},"Filler":"FILLER"}""";

    private const string LogGroup = "group";

    private readonly HashSet<AwsOperation> _used = [];
    private readonly List<string> _jobs = [];
    private string _policy = "", _quotaPolicy = "", _share = "", _serviceJob = "", _cluster = "", _stream = "";

    /// <summary>The operations that were used.</summary>
    public IReadOnlySet<AwsOperation> Used => _used;

    /// <summary>The operations that the engine serves.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } = [.. BatchOperations.All, .. LogsOperations.All, .. EcsOperations.All];

    /// <summary>What is done, in its order.</summary>
    public IReadOnlyList<(string Name, Func<Task> Run)> Steps =>
    [
        .. Policies, .. Fleets, .. Definitions, .. Submissions, .. Queries, .. Logs, .. Ends, .. Consumables, .. ServiceJobs,
        .. QuotaShares, .. Deletions,
    ];

    private IEnumerable<(string, Func<Task>)> Policies =>
    [
        ("CreateSchedulingPolicy, 500 shares",
            async () =>
                _policy =
                    (await Send(
                        BatchOperations.CreateSchedulingPolicy, new() { Name = "fair", FairsharePolicy = Shares(), Tags = Tags() })).Arn),
        ("UpdateSchedulingPolicy, 500 shares",
            () => Send(BatchOperations.UpdateSchedulingPolicy, new() { Arn = _policy, FairsharePolicy = Shares() })),
        ("DescribeSchedulingPolicies, 100 names",
            () => Send(BatchOperations.DescribeSchedulingPolicies, new() { Arns = [.. Enumerable.Repeat(_policy, 100)] })),
        ("ListSchedulingPolicies", () => Send(BatchOperations.ListSchedulingPolicies, new())),
    ];

    private IEnumerable<(string, Func<Task>)> Fleets =>
    [
        ("CreateComputeEnvironment, 10,000 vCPUs kept",
            () => Send(BatchOperations.CreateComputeEnvironment, Environment("kept", EngineLimits.KeptVCpus))),
        ("CreateComputeEnvironment, on demand", () => Send(BatchOperations.CreateComputeEnvironment, Environment("demand", 0))),
        ("CreateJobQueue, fleet of 10,000 instances",
            () => Send(BatchOperations.CreateJobQueue, Queue("fleet", "kept", "demand") with { SchedulingPolicyArn = _policy })),
        ("CreateJobQueue, on demand", () => Send(BatchOperations.CreateJobQueue, Queue("demand", "demand"))),
        ("UpdateComputeEnvironment, 10,000 vCPUs kept", () => Send(BatchOperations.UpdateComputeEnvironment, new()
        {
            ComputeEnvironment = "kept",
            ComputeResources = new()
            {
                MinvCpus = EngineLimits.KeptVCpus,
                DesiredvCpus = EngineLimits.KeptVCpus,
                MaxvCpus = EngineLimits.VCpus,
            },
        })),
        ("UpdateJobQueue, 100 actions",
            () => Send(BatchOperations.UpdateJobQueue, new() { JobQueue = "fleet", JobStateTimeLimitActions = Actions() })),
        ("DescribeComputeEnvironments",
            async () => _cluster = (await Send(BatchOperations.DescribeComputeEnvironments, new())).ComputeEnvironments!
                .Single(one => one.ComputeEnvironmentName == "kept").EcsClusterArn!),
        ("DescribeJobQueues, 100 names", () => Send(BatchOperations.DescribeJobQueues, new() { JobQueues = [.. Names("q")] })),
    ];

    private IEnumerable<(string, Func<Task>)> Definitions =>
    [
        ("RegisterJobDefinition, 24 KiB", () => Send(BatchOperations.RegisterJobDefinition, new()
        {
            JobDefinitionName = "wide", Type = "container", Tags = Tags(),
            ContainerProperties = Container() with { Command = [.. Enumerable.Repeat("x", 900)] },
        })),
        ("RegisterJobDefinition, 1,000 nodes", () => Send(BatchOperations.RegisterJobDefinition, new()
        {
            JobDefinitionName = "nodes", Type = "multinode",
            NodeProperties = new()
            {
                NumNodes = BatchLimits.Nodes, MainNode = BatchLimits.Nodes - 1,
                NodeRangeProperties = [.. Enumerable.Range(0, 5)
                    .Select(one =>
                    new NodeRangeProperty
                    {
                        TargetNodes = NodeGroup(one),
                        Container = Container(),
                    })],
            },
        })),
        ("DescribeJobDefinitions, 100 names",
            () => Send(BatchOperations.DescribeJobDefinitions, new() { JobDefinitions = [.. Names("d")] })),
        ("DeregisterJobDefinition", async () =>
        {
            await Send(BatchOperations.RegisterJobDefinition,
                new() { JobDefinitionName = "gone", Type = "container", ContainerProperties = Container() });
            await Send(BatchOperations.DeregisterJobDefinition, new() { JobDefinition = "gone:1" });
        }),
    ];

    private IEnumerable<(string, Func<Task>)> Submissions =>
    [
        ("SubmitJob, 30 KiB",
            () => Submit(Job("wide") with { Parameters = new Dictionary<string, string> { ["p"] = new('x', 20_000) }, Tags = Tags(20) })),
        ("SubmitJob, 1,000 nodes", () => Submit(Job("nodes") with { ContainerOverrides = null })),
        ("SubmitJob, 1,000 nodes and 100 overrides", () => Submit(Job("nodes") with
        {
            ContainerOverrides = null,
            NodeOverrides = new()
            {
                NodePropertyOverrides = [.. Enumerable.Range(0, 100)
                    .Select(node =>
                    new NodePropertyOverride
                    {
                        TargetNodes = NodeGroup(node % 5),
                        ContainerOverrides = new() { Command = ["x"] },
                    })],
            },
        })),
        ("SubmitJob, 1,000 nodes on a fleet", () => Submit(Job("nodes") with { JobQueue = "demand", ContainerOverrides = null })),
        ("SubmitJob, array of 10,000", () => Submit(Array(BatchLimits.ArraySize))),
        ("SubmitJob, array of 10,000 on a fleet",
            () => Submit(Array(BatchLimits.ArraySize) with { JobQueue = "fleet", ShareIdentifier = "s1", SchedulingPriorityOverride = 1 })),
        ("SubmitJob, array of 10,000 on demand", () => Submit(Array(BatchLimits.ArraySize) with { JobQueue = "demand" })),
        ("SubmitJob, array of 10,000 in sequence",
            () => Submit(Array(BatchLimits.ArraySize) with { DependsOn = [new() { Type = ArrayJobDependency.Sequential }] })),
        ("SubmitJob, array of 10,000, 20 times N_TO_N", () => Submit(Array(BatchLimits.ArraySize) with
        {
            DependsOn = [.. Enumerable.Repeat(new JobDependency { JobId = _jobs[^1], Type = ArrayJobDependency.NToN }, 20)],
        })),
        ("SubmitJob, 20 dependencies",
            () => Submit(Job("wide") with { DependsOn = [.. Enumerable.Repeat(new JobDependency { JobId = _jobs[^1] }, 20)] })),
    ];

    private IEnumerable<(string, Func<Task>)> Queries =>
    [
        ("DescribeJobs, 100 ids",
            () => Send(BatchOperations.DescribeJobs,
                new() { Jobs = [.. _jobs, .. Enumerable.Range(0, 100 - _jobs.Count).Select(node => Text($"{_jobs[1]}#{node}"))] })),
        ("ListJobs, 1,000 jobs",
            () => Send(BatchOperations.ListJobs, new() { JobQueue = SeededQueue, JobStatus = "RUNNING", MaxResults = 1000 })),
        ("ListJobs, 1,000 children",
            () => Send(BatchOperations.ListJobs, new() { ArrayJobId = _jobs[4], JobStatus = "PENDING", MaxResults = 1000 })),
        ("ListJobs, 1,000 nodes", () => Send(BatchOperations.ListJobs, new() { MultiNodeJobId = _jobs[1], MaxResults = 1000 })),
        ("ListJobs, filter",
            () => Send(
                BatchOperations.ListJobs, new() { JobQueue = SeededQueue, Filters = [new() { Name = "JOB_NAME", Values = ["*"] }] })),
        ("GetJobQueueSnapshot", () => Send(BatchOperations.GetJobQueueSnapshot, new() { JobQueue = "fleet" })),
        ("TagResource, 50 tags", () => Send(BatchOperations.TagResource, new() { ResourceArn = Arn(_jobs[4]), Tags = Tags() })),
        ("ListTagsForResource, 50 tags", () => Send(BatchOperations.ListTagsForResource, new() { ResourceArn = Arn(_jobs[4]) })),
        ("UntagResource, 50 keys",
            () => Send(BatchOperations.UntagResource, new() { ResourceArn = Arn(_jobs[4]), TagKeys = [.. Tags().Keys] })),
    ];

    // A simulated job prints one line, so that no stream has the 10,000 events of one answer; those of an array together have.
    private IEnumerable<(string, Func<Task>)> Logs =>
    [
        ("SubmitJob, array of 10,000 that prints", async () =>
        {
            SubmitJobRequest request = Array(BatchLimits.ArraySize) with { ContainerOverrides = Printing(new string('y', 100)) };
            _jobs.Add((await Send(BatchOperations.SubmitJob, request)).JobId);
        }),
        ("SubmitJob, a job that prints 20 KB", async () =>
        {
            SubmitJobRequest request = Job("wide") with
            {
                Parameters = new Dictionary<string, string> { ["REFRAG_SIM_OUTPUT"] = new('z', 20_000) },
            };
            string id = (await Send(BatchOperations.SubmitJob, request)).JobId;
            JobDetail running = await batch.WatchAsync(id, CancellationToken.None)
                .FirstAsync(job => job.Status == JobStatus.Running, CancellationToken.None);
            _stream = running.Container!.LogStreamName!;
        }),
        ("ListTasks, 100 of 10,000", () => Send(EcsOperations.ListTasks, new() { Cluster = _cluster, MaxResults = 100 })),
        ("ListClusters, 100", () => Send(EcsOperations.ListClusters, new() { MaxResults = 100 })),
        ("ListContainerInstances, 100 of a fleet",
            () => Send(EcsOperations.ListContainerInstances, new() { Cluster = _cluster, MaxResults = 100 })),
        ("DescribeContainerInstances, 100 names", () => Send(
            EcsOperations.DescribeContainerInstances, new() { Cluster = _cluster, ContainerInstances = [.. Names("host")] })),
        ("GetLogEvents, a line of 20 KB", () => Send(LogsOperations.GetLogEvents, new() { LogStreamName = _stream, Limit = 10_000 })),
        ("FilterLogEvents, 10,000 events", () => Send(LogsOperations.FilterLogEvents, new() { Limit = 10_000 })),
        ("FilterLogEvents, nothing of 10,000 streams",
            () => Send(LogsOperations.FilterLogEvents, new() { FilterPattern = "absent", Limit = 10_000 })),
        ("DescribeLogStreams, 50 of 10,000",
            () => Send(
                LogsOperations.DescribeLogStreams, new() { LogGroupName = BatchGroup, OrderBy = OrderBy.LastEventTime, Limit = 50 })),
        ("CreateLogGroup, 100 with 50 tags", async () =>
        {
            foreach (int number in Enumerable.Range(0, 100))
                await Send(LogsOperations.CreateLogGroup, new() { LogGroupName = Text($"{LogGroup}{number}"), Tags = Tags() });
        }),
        ("DescribeLogGroups, 50 of 100", () => Send(LogsOperations.DescribeLogGroups, new() { Limit = 50 })),
        ("PutRetentionPolicy",
            () => Send(LogsOperations.PutRetentionPolicy, new() { LogGroupName = $"{LogGroup}1", RetentionInDays = 3653 })),
        ("DeleteRetentionPolicy", () => Send(LogsOperations.DeleteRetentionPolicy, new() { LogGroupName = $"{LogGroup}1" })),
        ("TagResource of a group, 50 tags",
            () => Send(LogsOperations.TagResource, new() { ResourceArn = GroupArn, Tags = Tags() })),
        ("ListTagsForResource of a group, 50 tags", () => Send(LogsOperations.ListTagsForResource, new() { ResourceArn = GroupArn })),
        ("UntagResource of a group, 50 keys",
            () => Send(LogsOperations.UntagResource, new() { ResourceArn = GroupArn, TagKeys = [.. Tags().Keys] })),
        ("DeleteLogGroup", () => Send(LogsOperations.DeleteLogGroup, new() { LogGroupName = $"{LogGroup}1" })),
        ("DeleteLogGroup of 10,000 streams", () => Send(LogsOperations.DeleteLogGroup, new() { LogGroupName = "/aws/batch/job" })),
    ];

    private IEnumerable<(string, Func<Task>)> Ends =>
    [
        ("CancelJob, array of 10,000", () => Send(BatchOperations.CancelJob, new() { JobId = _jobs[8], Reason = Reason })),
        ("TerminateJob, array of 10,000 in sequence",
            () => Send(BatchOperations.TerminateJob, new() { JobId = _jobs[7], Reason = Reason })),
        ("TerminateJob, array of 10,000 that runs", () => Send(BatchOperations.TerminateJob, new() { JobId = _jobs[4], Reason = Reason })),
        ("TerminateJob, 1,000 nodes", () => Send(BatchOperations.TerminateJob, new() { JobId = _jobs[1], Reason = Reason })),
        ("CancelJobs, 50 ids of ended jobs", () => Send(BatchOperations.CancelJobs, new() { Jobs = Ids(_jobs[8]), Reason = Reason })),
        ("TerminateJobs, 50 ids of ended jobs",
            () => Send(BatchOperations.TerminateJobs, new() { Jobs = Ids(_jobs[4]), Reason = Reason })),
        ("TerminateJob, array of 10,000 on demand", () => Send(BatchOperations.TerminateJob, new() { JobId = _jobs[6], Reason = Reason })),
    ];

    private IEnumerable<(string, Func<Task>)> Consumables =>
    [
        ("CreateConsumableResource, 100", async () =>
        {
            foreach (string name in Names("c"))
                await Send(BatchOperations.CreateConsumableResource,
                    new() { ConsumableResourceName = name, TotalQuantity = EngineLimits.ConsumableUnits, Tags = Tags() });
        }),
        ("SubmitJob, array of 10,000, 100 consumable resources", () => Submit(Array(BatchLimits.ArraySize) with
        {
            ConsumableResourcePropertiesOverride = new()
            {
                ConsumableResourceList = [.. Names("c")
                    .Select(name =>
                    new ConsumableResourceRequirement { ConsumableResource = name, Quantity = EngineLimits.ConsumableUnits })],
            },
        })),
        ("UpdateConsumableResource",
            () => Send(BatchOperations.UpdateConsumableResource,
                new() { ConsumableResource = "c1", Operation = "SET", Quantity = 0, ClientToken = new('t', 64) })),
        ("DescribeConsumableResource", () => Send(BatchOperations.DescribeConsumableResource, new() { ConsumableResource = "c1" })),
        ("ListConsumableResources, 10 names",
            () => Send(BatchOperations.ListConsumableResources,
                new() { Filters = [new() { Name = "CONSUMABLE_RESOURCE_NAME", Values = [.. Names("c").Take(10)] }] })),
        ("ListJobsByConsumableResource", () => Send(BatchOperations.ListJobsByConsumableResource, new() { ConsumableResource = "c1" })),
        ("TerminateJob, array of 10,000 with consumable resources",
            () => Send(BatchOperations.TerminateJob, new() { JobId = _jobs[^1], Reason = Reason })),
        ("DeleteConsumableResource", () => Send(BatchOperations.DeleteConsumableResource, new() { ConsumableResource = "c2" })),
    ];

    private IEnumerable<(string, Func<Task>)> ServiceJobs =>
    [
        ("CreateServiceEnvironment, 100 limits",
            () => Send(BatchOperations.CreateServiceEnvironment,
                new() { ServiceEnvironmentName = "service", ServiceEnvironmentType = "SAGEMAKER_TRAINING", CapacityLimits =
                    Capacities() })),
        ("UpdateServiceEnvironment, 100 limits",
            () => Send(BatchOperations.UpdateServiceEnvironment, new() { ServiceEnvironment = "service", CapacityLimits = Capacities() })),
        ("DescribeServiceEnvironments, 100 names",
            () => Send(BatchOperations.DescribeServiceEnvironments, new() { ServiceEnvironments = [.. Names("s")] })),
        ("CreateSchedulingPolicy, quota shares",
            async () =>
                _quotaPolicy =
                    (await Send(BatchOperations.CreateSchedulingPolicy,
                        new() { Name = "quota", QuotaSharePolicy = new() { IdleResourceAssignmentStrategy = "FIFO" } })).Arn),
        ("CreateJobQueue, quota shares", () => Send(BatchOperations.CreateJobQueue, new()
        {
            JobQueueName = "service", Priority = 1000, JobQueueType = "SAGEMAKER_TRAINING", SchedulingPolicyArn =
                _quotaPolicy, ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "service" }],
        })),
    ];

    private IEnumerable<(string, Func<Task>)> QuotaShares =>
    [
        ("CreateQuotaShare, 20", async () =>
        {
            foreach (int number in Enumerable.Range(0, BatchLimits.QuotaShares))
            {
                _share = (await Send(BatchOperations.CreateQuotaShare, new()
                {
                    QuotaShareName = Text($"share{number}"), JobQueue =
                        "service", CapacityLimits = [new() { MaxCapacity = int.MaxValue, CapacityUnit = "ml.m5.large" }],
                    ResourceSharingConfiguration = new()
                    {
                        Strategy = "LEND_AND_BORROW",
                        BorrowLimit = int.MaxValue,
                    }, PreemptionConfiguration = new() { InSharePreemption = "ENABLED" },
                })).QuotaShareArn!;
            }
        }),
        ("SubmitServiceJob, 500 with 10 KiB each", async () =>
        {
            foreach (int number in Enumerable.Range(0, 500)) await SubmitService(Text($"share{number % BatchLimits.QuotaShares}"));
        }),
        ("UpdateQuotaShare", () => Send(BatchOperations.UpdateQuotaShare, new() { QuotaShareArn = _share, State = "DISABLED" })),
        ("DescribeQuotaShare", () => Send(BatchOperations.DescribeQuotaShare, new() { QuotaShareArn = _share })),
        ("ListQuotaShares", () => Send(BatchOperations.ListQuotaShares, new() { JobQueue = "service" })),
        ("DescribeServiceJob", () => Send(BatchOperations.DescribeServiceJob, new() { JobId = _serviceJob })),
        ("ListServiceJobs, 100",
            () => Send(BatchOperations.ListServiceJobs, new() { JobQueue = "service", JobStatus = "RUNNABLE", MaxResults = 100 })),
        ("UpdateServiceJob", () => Send(BatchOperations.UpdateServiceJob, new() { JobId = _serviceJob, SchedulingPriority = 9999 })),
        ("TerminateServiceJob", () => Send(BatchOperations.TerminateServiceJob, new() { JobId = _serviceJob, Reason = Reason })),
        ("TerminateServiceJobs, 50 ids of an ended job",
            () => Send(BatchOperations.TerminateServiceJobs, new() { Jobs = Ids(_serviceJob), Reason = Reason })),
        ("DeleteQuotaShare", () => Send(BatchOperations.DeleteQuotaShare, new() { QuotaShareArn = _share })),
    ];

    private IEnumerable<(string, Func<Task>)> Deletions =>
    [
        ("DeleteJobQueue, 500 service jobs", () => DeleteQueue("service")),
        ("DeleteServiceEnvironment", async () =>
        {
            await Send(BatchOperations.UpdateServiceEnvironment, new() { ServiceEnvironment = "unused", State = "DISABLED" })
                .ContinueWith(static _ => { }, TaskScheduler.Default);
            await Send(BatchOperations.DeleteServiceEnvironment, new() { ServiceEnvironment = "unused" });
        }),
        ("DeleteJobQueue, array of 10,000 on a fleet", () => DeleteQueue("fleet")),
        ("DeleteJobQueue, on demand", () => DeleteQueue("demand")),
        ("DeleteSchedulingPolicy",
            () => Send(
                BatchOperations.DeleteSchedulingPolicy, new() { Arn = "arn:aws:batch:us-east-1:000000000000:scheduling-policy/unused" })),
        ("DeleteComputeEnvironment", () => Send(BatchOperations.DeleteComputeEnvironment, new() { ComputeEnvironment = "unused" })),
    ];

    private const string BatchGroup = "/aws/batch/job";
    private const string GroupArn = $"arn:aws:logs:us-east-1:000000000000:log-group:{LogGroup}1";

    private static string Reason { get; } = new('r', 1024);

    private static ContainerOverrides Printing(string line) => new()
    {
        Command = ["x"],
        Environment =
            [new() { Name = "REFRAG_SIM_SECONDS", Value = "100000" }, new() { Name = "REFRAG_SIM_OUTPUT", Value = line }],
    };

    private async Task Submit(SubmitJobRequest request) => _jobs.Add((await Send(BatchOperations.SubmitJob, request)).JobId);

    private async Task SubmitService(string share) => _serviceJob = (await Send(BatchOperations.SubmitServiceJob, new()
    {
        JobName = "service",
        JobQueue = "service",
        ServiceJobType = "SAGEMAKER_TRAINING",
        QuotaShareName = share,
        SchedulingPriority = 1,
        ServiceRequestPayload =
            Payload.Replace("FILLER", new string('x', BatchLimits.ServicePayloadBytes - Payload.Length + 6), StringComparison.Ordinal),
    })).JobId;

    private async Task DeleteQueue(string name)
    {
        await Send(BatchOperations.UpdateJobQueue, new() { JobQueue = name, State = "DISABLED" });
        await Send(BatchOperations.DeleteJobQueue, new() { JobQueue = name });
    }

    private Task<TResponse> Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        _used.Add(operation);
        return batch.SendAsync(operation, request, CancellationToken.None);
    }

    private static SubmitJobRequest Job(string definition) => new()
    {
        JobName = "job",
        JobQueue = SeededQueue,
        JobDefinition = definition,
        // Longer than any measurement.
        ContainerOverrides = new() { Command = ["x"], Environment = [new() { Name = "REFRAG_SIM_SECONDS", Value = "100000" }] },
    };

    private static SubmitJobRequest Array(int size) => Job("wide") with { ArrayProperties = new() { Size = size } };

    private static ContainerProperties Container() => new()
    {
        Image = "image",
        Command = ["x"],
        Environment = [new() { Name = "REFRAG_SIM_SECONDS", Value = "100000" }],
        ResourceRequirements = [new() { Type = ResourceType.Vcpu, Value = "1" }, new() { Type = ResourceType.Memory, Value = "100" }],
    };

    private static CreateComputeEnvironmentRequest Environment(string name, int kept) => new()
    {
        ComputeEnvironmentName = name,
        Type = CEType.Managed,
        Tags = Tags(),
        ComputeResources = new()
        {
            Type = CRType.Ec2,
            MinvCpus = kept,
            DesiredvCpus = kept,
            MaxvCpus = EngineLimits.VCpus,
            InstanceTypes = [SmallestType],
            InstanceRole = "role",
            Subnets = [.. Names("subnet-")],
            SecurityGroupIds = [.. Names("sg-")],
            AllocationStrategy = CRAllocationStrategy.BestFitProgressive,
        },
    };

    private static CreateJobQueueRequest Queue(string name, params string[] environments) => new()
    {
        JobQueueName = name,
        Priority = 1000,
        JobStateTimeLimitActions = Actions(),
        Tags = Tags(),
        ComputeEnvironmentOrder = [.. environments.Select(
            (environment, at) => new ComputeEnvironmentOrder { Order = at, ComputeEnvironment = environment })],
    };

    private static FairsharePolicy Shares() => new()
    {
        ShareDecaySeconds = 604_800,
        ComputeReservation = 99,
        ShareDistribution = [.. Enumerable.Range(0, 500)
            .Select(number => new ShareAttributes { ShareIdentifier = Text($"s{number}"), WeightFactor = 0.0001f })],
    };

    private static List<JobStateTimeLimitAction> Actions() =>
    [
        .. Enumerable.Repeat(
            new JobStateTimeLimitAction
            {
                Action = "CANCEL",
                MaxTimeSeconds = 86_400,
                Reason = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
                State = "RUNNABLE",
            }, EngineLimits.ListedNames),
    ];

    private static List<CapacityLimit> Capacities() =>
        [new() { CapacityUnit = "ml.m5.large", MaxCapacity = int.MaxValue },
            .. Names("unit").Skip(1).Select(unit => new CapacityLimit { CapacityUnit = unit, MaxCapacity = int.MaxValue })];

    private static Dictionary<string, string> Tags(int count = BatchLimits.Tags) =>
        Enumerable.Range(0, count).ToDictionary(number => Text($"{number:D3}{new string('k', 120)}"), _ => new string('v', 256));

    private static IEnumerable<string> Names(string prefix) =>
        Enumerable.Range(0, EngineLimits.ListedNames).Select(number => Text($"{prefix}{number}"));

    private static string[] Ids(string job) => [.. Enumerable.Repeat(job, 50)];

    private static string Arn(string job) => $"arn:aws:batch:us-east-1:000000000000:job/{job}";

    // One of the five ranges of the largest multi-node definition.
    private static string NodeGroup(int one) => one == 4 ? "800:" : Text($"{one * 200}:{(one * 200) + 199}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

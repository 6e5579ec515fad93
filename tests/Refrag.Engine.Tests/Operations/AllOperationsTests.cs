using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests.Operations;

/// <summary>Each operation is used at least once, and does what it says.</summary>
public sealed class AllOperationsTests : EngineTest
{
    private readonly HashSet<string> _used = [];

    [Fact]
    public async Task EveryOperation_IsAnswered()
    {
        await ComputeEnvironmentsAndQueues();
        await Policies();
        await DefinitionsAndJobs();
        await Consumables();
        await ServiceJobs();
        await QuotaShares();
        Assert.Equal(BatchOperations.All.Select(operation => operation.Name).Order(), _used.Order());
    }

    private async Task ComputeEnvironmentsAndQueues()
    {
        var created = await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = "ce",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.Ec2,
                MaxvCpus = 16,
                Subnets = ["subnet-1"],
                SecurityGroupIds = ["sg-1"],
                InstanceTypes = ["optimal"],
                InstanceRole = "role",
                AllocationStrategy = CRAllocationStrategy.BestFitProgressive,
            },
            Tags = new Dictionary<string, string> { ["a"] = "1" },
        });
        ComputeEnvironmentDetail environment = await Environment("ce");
        Assert.Equal((created.ComputeEnvironmentArn, CEStatus.Valid, "ENABLED", 0),
            (environment.ComputeEnvironmentArn, environment.Status, environment.State, environment.ComputeResources!.MinvCpus));
        await Send(BatchOperations.CreateJobQueue,
            new CreateJobQueueRequest
            {
                JobQueueName = "queue",
                Priority = 5,
                ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "ce" }],
            });
        Assert.Equal((JQStatus.Valid, created.ComputeEnvironmentArn),
            ((await Queue("queue"))!.Status, (await Queue("queue"))!.ComputeEnvironmentOrder.Single().ComputeEnvironment));

        await Tags(created.ComputeEnvironmentArn!);
        Assert.Contains("must be DISABLED",
            await Refused(
                Send(BatchOperations.DeleteComputeEnvironment, new DeleteComputeEnvironmentRequest { ComputeEnvironment = "ce" })),
                StringComparison.Ordinal);
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest
            {
                ComputeEnvironment = "ce",
                State = CEState.Disabled,
                ComputeResources = new ComputeResourceUpdate { MaxvCpus = 32 },
            });
        Assert.Equal(32, (await Environment("ce")).ComputeResources!.MaxvCpus);
        Assert.Contains("found existing JobQueue relationship",
            await Refused(
                Send(BatchOperations.DeleteComputeEnvironment, new DeleteComputeEnvironmentRequest { ComputeEnvironment = "ce" })),
                StringComparison.Ordinal);
        Assert.Contains("Object already exists",
            await Refused(
                Send(BatchOperations.CreateJobQueue,
                    new CreateJobQueueRequest
                    {
                        JobQueueName = "queue",
                        Priority = 1,
                        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "ce" }],
                    })), StringComparison.Ordinal);
        await Send(
            BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = "queue", State = JQState.Disabled, Priority = 7 });
        Assert.Equal((7, "DISABLED"), ((await Queue("queue"))!.Priority, (await Queue("queue"))!.State));
        await Send(BatchOperations.DeleteJobQueue, new DeleteJobQueueRequest { JobQueue = "queue" });
        Assert.Null(await Queue("queue"));
        await Send(BatchOperations.DeleteComputeEnvironment, new DeleteComputeEnvironmentRequest { ComputeEnvironment = "ce" });
        Assert.Empty(
            (await Send(BatchOperations.DescribeComputeEnvironments,
                new DescribeComputeEnvironmentsRequest { ComputeEnvironments = ["ce"] })).ComputeEnvironments!);
    }

    private async Task Tags(string arn)
    {
        await Send(BatchOperations.TagResource,
            new TagResourceRequest { ResourceArn = arn, Tags = new Dictionary<string, string> { ["b"] = "2" } });
        await Send(BatchOperations.UntagResource, new UntagResourceRequest { ResourceArn = arn, TagKeys = ["a"] });
        var tags = (await Send(BatchOperations.ListTagsForResource, new ListTagsForResourceRequest { ResourceArn = arn })).Tags!;
        Assert.Equal(["b"], tags.Keys);
    }

    private async Task Policies()
    {
        var fair =
            await Send(BatchOperations.CreateSchedulingPolicy,
                new CreateSchedulingPolicyRequest
                {
                    Name = "fair",
                    FairsharePolicy = new FairsharePolicy { ShareDistribution = [new() { ShareIdentifier = "a*" }] },
                });
        await Send(BatchOperations.UpdateSchedulingPolicy,
            new UpdateSchedulingPolicyRequest { Arn = fair.Arn, FairsharePolicy = new FairsharePolicy { ComputeReservation = 10 } });
        var described =
            (await Send(BatchOperations.DescribeSchedulingPolicies,
                new DescribeSchedulingPoliciesRequest { Arns = [fair.Arn] })).SchedulingPolicies!.Single();
        Assert.Equal((10, 0), (described.FairsharePolicy!.ComputeReservation, described.FairsharePolicy.ShareDistribution!.Count));
        await Send(BatchOperations.CreateJobQueue,
            new CreateJobQueueRequest
            {
                JobQueueName = "shared",
                Priority = 1,
                SchedulingPolicyArn = fair.Arn,
                ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "refrag-cpu-compute-env" }],
            });
        Assert.Contains("Give a shareIdentifier", await Refused(Submit(Request() with { JobQueue = "shared" })), StringComparison.Ordinal);
        Assert.Contains(
            "shareIdentifier team", await Refused(Submit(Request() with { ShareIdentifier = "team" })), StringComparison.Ordinal);
        string id = await Submit(Request() with { JobQueue = "shared", ShareIdentifier = "team", SchedulingPriorityOverride = 3 });
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        var snapshot = await Send(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = "shared" });
        Assert.Equal(("team", 1d),
            (snapshot.QueueUtilization!.FairshareUtilization!.TopCapacityUtilization!.Single().ShareIdentifier,
                snapshot.QueueUtilization.TotalCapacityUsage!.Single().Quantity));
        attempt.End(0);
        await Ended(id);
        Assert.Contains("found existing JobQueue relationship",
            await Refused(Send(BatchOperations.DeleteSchedulingPolicy, new DeleteSchedulingPolicyRequest { Arn = fair.Arn })),
            StringComparison.Ordinal);
        await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = "shared", State = JQState.Disabled });
        await Send(BatchOperations.DeleteJobQueue, new DeleteJobQueueRequest { JobQueue = "shared" });
        await Queue("shared");
        await Send(BatchOperations.DeleteSchedulingPolicy, new DeleteSchedulingPolicyRequest { Arn = fair.Arn });
        Assert.Empty((await Send(BatchOperations.ListSchedulingPolicies, new ListSchedulingPoliciesRequest())).SchedulingPolicies!);
    }

    private async Task DefinitionsAndJobs()
    {
        await Send(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "pod",
            Type = "container",
            EksProperties = new EksProperties
            {
                PodProperties = new EksPodProperties
                {
                    Containers = [new EksContainer
                    {
                        Image = "busybox",
                        Resources = new() { Limits = new Dictionary<string, string> { ["cpu"] = "1", ["memory"] = "512Mi" } },
                    }],
                },
            },
        });
        string pod = await Submit(Request("pod") with { JobDefinition = "pod", ContainerOverrides = null });
        await Until(pod, JobStatus.Running);
        Time.Advance(TimeSpan.FromSeconds(2));
        JobDetail simulated = await Ended(pod);
        Assert.Equal(JobStatus.Succeeded, simulated.Status);
        Assert.Contains("simulated, because there is no Kubernetes here", simulated.StatusReason, StringComparison.Ordinal);
        await Send(BatchOperations.DeregisterJobDefinition, new DeregisterJobDefinitionRequest { JobDefinition = "pod:1" });
        Assert.Equal("INACTIVE",
            (await Send(BatchOperations.DescribeJobDefinitions,
                new DescribeJobDefinitionsRequest { JobDefinitionName = "pod" })).JobDefinitions!.Single().Status);

        string id = (await Send(BatchOperations.SubmitJob, Request("one"))).JobId;
        await Runner.Next();
        await Until(id, JobStatus.Running);
        Assert.Equal(id,
            (await Send(
                BatchOperations.ListJobs, new ListJobsRequest { JobQueue = "refrag-cpu-job-queue" })).JobSummaryList.Single().JobId);
        await Send(BatchOperations.CancelJob, new CancelJobRequest { JobId = id, Reason = "too late" });
        Assert.Equal(
            JobStatus.Running, (await Send(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] })).Jobs!.Single().Status);
        string waiting = await Submit(Request("two") with { DependsOn = [new JobDependency { JobId = id }] });
        await Send(BatchOperations.TerminateJob, new TerminateJobRequest { JobId = waiting, Reason = "enough" });
        Assert.Equal("enough", (await Ended(waiting)).StatusReason);
        Assert.Equal(id,
            (await Send(
                BatchOperations.ListJobs, new ListJobsRequest { JobQueue = "refrag-cpu-job-queue" })).JobSummaryList.Single().JobId);
    }

    private async Task Consumables()
    {
        await Send(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "license", TotalQuantity = 1 });
        var needs = new ConsumableResourceProperties { ConsumableResourceList = [new() { ConsumableResource = "license", Quantity = 1 }] };
        string first = await Submit(Request("first") with { ConsumableResourcePropertiesOverride = needs });
        string second = await Submit(Request("second") with { ConsumableResourcePropertiesOverride = needs });
        FakeAttempt attempt = await Runner.Next();
        await Until(first, JobStatus.Running);
        Assert.Equal(JobStatus.Runnable, (await Describe(second)).Status);
        var described =
            await Send(
                BatchOperations.DescribeConsumableResource, new DescribeConsumableResourceRequest { ConsumableResource = "license" });
        Assert.Equal((1L, 1L, 0L), (described.TotalQuantity, described.InUseQuantity, described.AvailableQuantity));
        foreach (int _ in new[] { 1, 2 })
            await Send(BatchOperations.UpdateConsumableResource,
                new UpdateConsumableResourceRequest
                {
                    ConsumableResource = "license",
                    Operation = "ADD",
                    Quantity = 1,
                    ClientToken = "once",
                });
        Assert.Equal(2,
            (await Send(
                BatchOperations.ListConsumableResources, new ListConsumableResourcesRequest())).ConsumableResources.Single().TotalQuantity);
        FakeAttempt other = await Runner.Next();
        Assert.Equal(second, other.JobId);
        attempt.End(0);
        other.End(0);
        await Ended(first);
        await Ended(second);
        var jobs =
            await Send(
                BatchOperations.ListJobsByConsumableResource, new ListJobsByConsumableResourceRequest { ConsumableResource = "license" });
        Assert.Equal(["first", "second"], jobs.Jobs.Select(job => job.JobName));
        Assert.Equal(0,
            (await Send(BatchOperations.DescribeConsumableResource,
                new DescribeConsumableResourceRequest { ConsumableResource = "license" })).InUseQuantity);
        await Send(BatchOperations.DeleteConsumableResource, new DeleteConsumableResourceRequest { ConsumableResource = "license" });
    }

    private async Task ServiceJobs()
    {
        await ServiceEnvironment("training", "NUM_INSTANCES", 1);
        await Send(BatchOperations.CreateJobQueue,
            new CreateJobQueueRequest
            {
                JobQueueName = "services",
                Priority = 1,
                JobQueueType = "SAGEMAKER_TRAINING",
                ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "training" }],
            });
        // The placement of service jobs reads what only they have.
        var ordinary = new SubmitJobRequest { JobName = "ordinary", JobQueue = "services", JobDefinition = "refrag-cpu-job-def" };
        Assert.Contains("SubmitServiceJob", await Refused(Send(BatchOperations.SubmitJob, ordinary)), StringComparison.Ordinal);
        string first = await SubmitService("services", "one");
        string second = await SubmitService("services", "two");
        var running = await Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = first });
        Assert.NotNull(running.ScheduledAt);
        Assert.Equal("RUNNABLE", (await Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = second })).Status);
        await Send(BatchOperations.UpdateServiceJob, new UpdateServiceJobRequest { JobId = second, SchedulingPriority = 9 });
        await Send(BatchOperations.TerminateServiceJob, new TerminateServiceJobRequest { JobId = second, Reason = "enough" });
        var ended = await Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = second });
        Assert.Equal(("FAILED", "enough", 9, true), (ended.Status, ended.StatusReason, ended.SchedulingPriority, ended.IsTerminated));
        await Tags(ended.JobArn!);
        Assert.Equal([second, "unknown"], (await Send(BatchOperations.TerminateServiceJobs,
            new TerminateServiceJobsRequest { Jobs = [second, "unknown"], Reason = "again" })).Successful);
        Assert.Equal(["unknown"],
            (await Send(BatchOperations.CancelJobs, new CancelJobsRequest { Jobs = ["unknown"], Reason = "none" })).Successful);
        Assert.Equal(["unknown"],
            (await Send(BatchOperations.TerminateJobs, new TerminateJobsRequest { Jobs = ["unknown"], Reason = "none" })).Successful);
        Assert.Equal([second],
            (await Send(BatchOperations.ListServiceJobs,
                new ListServiceJobsRequest { JobQueue = "services", JobStatus = "FAILED" })).JobSummaryList.Select(job => job.JobId));
        await Send(BatchOperations.UpdateServiceEnvironment,
            new UpdateServiceEnvironmentRequest { ServiceEnvironment = "training", State = "DISABLED" });
        Assert.Contains("relationship",
            await Refused(
                Send(BatchOperations.DeleteServiceEnvironment, new DeleteServiceEnvironmentRequest { ServiceEnvironment = "training" })),
                StringComparison.Ordinal);
        Assert.Equal("DISABLED",
            (await Send(BatchOperations.DescribeServiceEnvironments,
                new DescribeServiceEnvironmentsRequest())).ServiceEnvironments!.Single().State);
    }

    private async Task QuotaShares()
    {
        var policy =
            await Send(BatchOperations.CreateSchedulingPolicy,
                new CreateSchedulingPolicyRequest
                {
                    Name = "quota",
                    QuotaSharePolicy = new QuotaSharePolicy { IdleResourceAssignmentStrategy = "FIFO" },
                });
        await ServiceEnvironment("quotas", "ml.m5.large", 4);
        // Quota shares are of service jobs: a queue of other jobs has none to count.
        var compute = new CreateJobQueueRequest
        {
            JobQueueName = "no-quotas",
            Priority = 1,
            SchedulingPolicyArn = policy.Arn,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "refrag-cpu-compute-env" }],
        };
        Assert.Contains("SAGEMAKER_TRAINING", await Refused(Send(BatchOperations.CreateJobQueue, compute)), StringComparison.Ordinal);
        await Send(BatchOperations.CreateJobQueue,
            new CreateJobQueueRequest
            {
                JobQueueName = "quotas",
                Priority = 1,
                JobQueueType = "SAGEMAKER_TRAINING",
                SchedulingPolicyArn = policy.Arn,
                ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "quotas" }],
            });
        var share = await Send(BatchOperations.CreateQuotaShare, new CreateQuotaShareRequest
        {
            QuotaShareName = "team",
            JobQueue = "quotas",
            CapacityLimits = [new() { MaxCapacity = 0, CapacityUnit = "ml.m5.large" }],
            ResourceSharingConfiguration = new QuotaShareResourceSharingConfiguration { Strategy = "RESERVE" },
            PreemptionConfiguration = new QuotaSharePreemptionConfiguration { InSharePreemption = "DISABLED" },
        });
        string id = await SubmitService("quotas", "held", "team");
        Assert.Equal("RUNNABLE", (await Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = id })).Status);
        await Send(BatchOperations.UpdateQuotaShare,
            new UpdateQuotaShareRequest
            {
                QuotaShareArn = share.QuotaShareArn!,
                CapacityLimits = [new() { MaxCapacity = 2, CapacityUnit = "ml.m5.large" }],
            });
        Assert.NotEqual("RUNNABLE", (await Send(BatchOperations.DescribeServiceJob, new DescribeServiceJobRequest { JobId = id })).Status);
        await Send(
            BatchOperations.UpdateQuotaShare, new UpdateQuotaShareRequest { QuotaShareArn = share.QuotaShareArn!, State = "DISABLED" });
        Assert.Equal("DISABLED",
            (await Send(BatchOperations.DescribeQuotaShare, new DescribeQuotaShareRequest { QuotaShareArn = share.QuotaShareArn! })).State);
        await Send(BatchOperations.DeleteQuotaShare, new DeleteQuotaShareRequest { QuotaShareArn = share.QuotaShareArn! });
        Assert.Empty((await Send(BatchOperations.ListQuotaShares, new ListQuotaSharesRequest { JobQueue = "quotas" })).QuotaShares!);
    }

    private Task<CreateServiceEnvironmentResponse> ServiceEnvironment(string name, string unit, int most) =>
        Send(BatchOperations.CreateServiceEnvironment, new CreateServiceEnvironmentRequest
        {
            ServiceEnvironmentName = name,
            ServiceEnvironmentType = "SAGEMAKER_TRAINING",
            CapacityLimits = [new() { MaxCapacity = most, CapacityUnit = unit }],
        });

    private async Task<string> SubmitService(string queue, string name, string? share = null) =>
        (await Send(BatchOperations.SubmitServiceJob, new SubmitServiceJobRequest
        {
            JobName = name,
            JobQueue = queue,
            ServiceJobType = "SAGEMAKER_TRAINING",
            QuotaShareName = share,
            ServiceRequestPayload = """{"ResourceConfig":{"InstanceType":"ml.m5.large","InstanceCount":1}}""",
        })).JobId;

    private async Task<JobQueueDetail?> Queue(string name) =>
        (await Send(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [name] })).JobQueues!.SingleOrDefault();

    private async Task<ComputeEnvironmentDetail> Environment(string name) =>
        (await Send(BatchOperations.DescribeComputeEnvironments,
            new DescribeComputeEnvironmentsRequest { ComputeEnvironments = [name] })).ComputeEnvironments!.Single();

    private Task<TResponse> Send<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        _used.Add(operation.Name);
        return Batch.SendAsync(operation, request, Token);
    }
}

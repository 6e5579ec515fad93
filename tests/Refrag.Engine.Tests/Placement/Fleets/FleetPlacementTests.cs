using Refrag.Aws.Batch;
using Refrag.Engine.Placement.Fleets;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>Jobs of managed compute environments run on simulated fleets.</summary>
public sealed class FleetPlacementTests : FleetTest
{
    [Fact]
    public async Task Submit_ToAManagedEnvironment_WaitsForAnInstanceThatStarts()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit(vCpus: 4);
        Assert.Equal(
            (JobStatus.Runnable, 4), ((await Describe(id)).Status, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus));

        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        JobDetail running = await Until(id, job => job.Status == JobStatus.Running);
        Assert.EndsWith("container-instance/fleet/i-00000000000000001", running.Container!.ContainerInstanceArn, StringComparison.Ordinal);
        attempt.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);

        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(id);
        Assert.Equal(0, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus);
    }

    [Fact]
    public async Task FleetUsage_OfAnInstanceThatHasEnded_CountsFromItsLaunchToItsEnd()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit(vCpus: 4);
        await Describe(id);
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        Time.Advance(TimeSpan.FromHours(1) - InstanceStart);
        FleetUsage running = Assert.Single(await Batch.FleetUsageAsync(Token));
        Assert.Equal(("fleet", "m5.xlarge", false, 1), (running.Environment, running.Type, running.IsSpot, running.Instances));
        Assert.Equal(1, running.Hours, 6);
        attempt.End(0);
        await Ended(id);

        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(id);
        double hours = Assert.Single(await Batch.FleetUsageAsync(Token)).Hours;
        Time.Advance(TimeSpan.FromHours(5));
        Assert.InRange(hours, 1, 1.2);
        Assert.Equal(hours, Assert.Single(await Batch.FleetUsageAsync(Token)).Hours);
    }

    [Fact]
    public async Task DeleteJobQueue_WithAnIdleInstance_LetsItGoWhenItsTimeIsOver()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await MakeQueue("other", ["fleet"]);
        string id = await Submit(vCpus: 4);
        await Describe(id);
        InstancesStart();
        (await Runner.Next()).End(0);
        await Ended(id);

        Time.Advance(TimeSpan.FromMinutes(4));
        await DeleteQueue("other");
        Assert.Equal(4, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus);
        Time.Advance(TimeSpan.FromMinutes(2));
        await Describe(id);
        Assert.Equal(0, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus);
    }

    [Fact]
    public async Task SpotReclaim_UnderARunningJob_EndsItsAttemptAndTheRetrySucceeds()
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        string id = await Submit(with: request => request with
        {
            RetryStrategy = new RetryStrategy
            {
                Attempts = 3,
                EvaluateOnExit = [new EvaluateOnExit { OnStatusReason = "Host EC2*", Action = "RETRY" },
                    new EvaluateOnExit { OnReason = "*", Action = "EXIT" }],
            },
        });
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        await Batch.InjectAsync(new SpotReclaim());
        await first.NextSignal();
        first.End(137);
        JobDetail again = await Until(id, job => job.Status == JobStatus.Runnable);
        Assert.Equal("Host EC2 (instance i-00000000000000001) terminated.", Assert.Single(again.Attempts!).StatusReason);

        InstancesStart();
        (await Runner.Next()).End(0);
        JobDetail ended = await Ended(id);
        Assert.Equal((JobStatus.Succeeded, 2), (ended.Status, ended.Attempts!.Count));
    }

    [Fact]
    public async Task SpotReclaim_OfAPlacedJobThatWaitsForThisMachine_GivesItAnotherPlace()
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        string one = await Submit("one", vCpus: 4);
        string two = await Submit("two", vCpus: 4);
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        await Until(one, job => job.Status == JobStatus.Running);
        await Batch.InjectAsync(new SpotReclaim(Count: null));
        await first.NextSignal();
        first.End(137);
        await Ended(one);
        Assert.Equal(JobStatus.Runnable, (await Describe(two)).Status);

        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal((JobStatus.Succeeded, 1), ((await Ended(two)).Status, (await Describe(two)).Attempts!.Count));
    }

    [Fact]
    public async Task DeleteComputeEnvironment_OfAPlacedJobThatWaitsForThisMachine_GivesItAPlaceInTheOther()
    {
        await Environment("old", ["m5.xlarge"]);
        await Environment("new", ["c5.xlarge"]);
        await MakeQueue(Queue, ["old"]);
        string one = await Submit("one", vCpus: 4);
        string two = await Submit("two", vCpus: 4);
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        await Until(one, job => job.Status == JobStatus.Running);
        await Send(BatchOperations.UpdateJobQueue,
            new UpdateJobQueueRequest { JobQueue = Queue, ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "new" }] });
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = "old", State = CEState.Disabled });
        await Send(BatchOperations.DeleteComputeEnvironment, new DeleteComputeEnvironmentRequest { ComputeEnvironment = "old" });
        first.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(one)).Status);

        InstancesStart();
        (await Runner.Next()).End(0);
        JobDetail ended = await Ended(two);
        Assert.Equal(JobStatus.Succeeded, ended.Status);
        Assert.Contains("container-instance/new/", ended.Container!.ContainerInstanceArn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InsufficientCapacity_InTheFirstEnvironment_GivesTheJobToTheSecond()
    {
        await Environment("first", ["m5.xlarge"]);
        await Environment("second", ["c5.xlarge"]);
        await MakeQueue(Queue, ["first", "second"]);
        await Batch.InjectAsync(new InsufficientCapacity("m5.*"));
        string id = await Submit();
        InstancesStart();
        // The refusal is known now, and the second environment is asked.
        await Describe(id);
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        Assert.Contains("container-instance/second/",
            (await Until(id, job => job.Status == JobStatus.Running)).Container!.ContainerInstanceArn, StringComparison.Ordinal);
        attempt.End(0);
        await Ended(id);
    }

    [Fact]
    public async Task MultiNode_WithRoomForOneNodeOnly_WaitsForAll()
    {
        await Environment("fleet", ["m5.xlarge"], most: 8);
        await MakeQueue(Queue, ["fleet"]);
        await Send(BatchOperations.RegisterJobDefinition, TwoNodes());
        string one = await Submit("one", vCpus: 4, memory: 200);
        InstancesStart();
        FakeAttempt blocking = await Runner.Next();
        string two =
            (await Send(
                BatchOperations.SubmitJob, new SubmitJobRequest { JobName = "two", JobQueue = Queue, JobDefinition = "nodes" })).JobId;
        InstancesStart();
        Assert.Equal(JobStatus.Runnable, (await Describe(two)).Status);
        blocking.End(0);
        await Ended(one);
        InstancesStart();
        FakeAttempt[] nodes = [await Runner.Next(), await Runner.Next()];
        foreach (FakeAttempt node in nodes) node.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(two)).Status);
    }

    // In the words of ECS, which AWS's own page on them and the reports of users have.
    [Theory]
    [InlineData("refrag-job")]
    [InlineData("refrag-*")]
    [InlineData("arn:aws:iam::123456789012:role/refrag-job")]
    public async Task Start_OfAJobWhoseRoleIsGone_Fails(string role)
    {
        await Batch.DisposeAsync();
        Runner = new FakeRunner();
        Batch = Open(new Scenario { StartUp = InstanceStart, Refusal = InstanceStart, Injections = [new RoleGone(role)] });
        await Environment("fleet", ["m5.large"]);
        await MakeQueue(Queue, ["fleet"]);
        await Send(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "with-role",
            Type = JobDefinitionType.Container,
            ContainerProperties = new ContainerProperties
            {
                Image = "image",
                ResourceRequirements = [new() { Type = "VCPU", Value = "1" }, new() { Type = "MEMORY", Value = "64" }],
                JobRoleArn = "arn:aws:iam::123456789012:role/refrag-job",
            },
        });
        string failing = await Submit(with: request => request with { JobDefinition = "with-role" });
        string running = await Submit();
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        Assert.Equal(running, attempt.JobId);
        attempt.End(0);
        JobDetail failed = await Ended(failing);
        Assert.Equal(JobStatus.Failed, failed.Status);
        Assert.Contains(
            "unable to assume the role 'arn:aws:iam::123456789012:role/refrag-job' that was provided for this task",
            failed.Container!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhereTheWayToTheRegistryIsGone_FailsInDockersWords()
    {
        await Batch.DisposeAsync();
        Runner = new FakeRunner();
        Batch = Open(new Scenario { StartUp = InstanceStart, Refusal = InstanceStart, Injections = [new EndpointGone("fleet")] });
        await Environment("fleet", ["m5.large"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        InstancesStart();
        JobDetail failed = await Ended(id);
        Assert.Equal(JobStatus.Failed, failed.Status);
        Assert.Matches(
            "^CannotPullContainerError: Error response from daemon: .*request canceled while waiting for connection",
            failed.Container!.Reason);
    }

    [Fact]
    public async Task BatchImageStatus_AfterARefusedLaunch_IsAbsentUntilAnInstanceComesUp()
    {
        await Batch.DisposeAsync();
        Runner = new FakeRunner();
        Batch = Open(new Scenario
        {
            StartUp = InstanceStart,
            Refusal = InstanceStart,
            Injections = [new InsufficientCapacity("m5*") { Until = TimeSpan.FromMinutes(1) }],
        });
        await Environment("fleet", ["m5.large"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        await Describe(id);
        InstancesStart();
        await Describe(id);
        Assert.Null(await ImageStatus());

        // The refused type is asked for again.
        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(id);
        Assert.Null(await ImageStatus());
        InstancesStart();
        (await Runner.Next()).End(0);
        await Ended(id);
        Assert.Equal("LATEST", await ImageStatus());

        async Task<string?> ImageStatus() =>
            Assert.Single((await DescribeEnvironment("fleet")).ComputeResources!.Ec2Configuration!).BatchImageStatus;
    }

    [Fact]
    public async Task DeleteJobQueue_OfAFleet_LeavesTheOthersAtWork()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await MakeQueue("other", ["fleet"]);
        string id = await Submit();
        await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = "other", State = JQState.Disabled });
        await Send(BatchOperations.DeleteJobQueue, new DeleteJobQueueRequest { JobQueue = "other" });
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
        Assert.Equal(1,
            (await Send(
                BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = Queue })) is { FrontOfQueue.Jobs.Count: 0 }
                ? 1
                : 0);
    }

    [Fact]
    public async Task Snapshot_OfAFairShareQueue_HasTheOrderOfDispatch()
    {
        string policy = (await Send(BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest
        {
            Name = "fair",
            FairsharePolicy = new FairsharePolicy
            {
                ShareDistribution = [new() { ShareIdentifier = "heavy", WeightFactor = 4 },
                    new() { ShareIdentifier = "light", WeightFactor = 1 }],
            },
        })).Arn;
        await Environment("fleet", ["m5.xlarge"], most: 4);
        await MakeQueue(Queue, ["fleet"], policy: policy);
        SubmitJobRequest Of(SubmitJobRequest request, string share) =>
            request with { ShareIdentifier = share, SchedulingPriorityOverride = 0 };
        for (int i = 0; i < 4; i++) await Submit($"heavy{i}", vCpus: 4, with: request => Of(request, "heavy"));
        await Submit("light", vCpus: 4, with: request => Of(request, "light"));
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        IReadOnlyList<FrontOfQueueJobSummary> front =
            (await Send(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = Queue })).FrontOfQueue!.Jobs!;
        JobDetail next = await Describe(front[0].JobArn!.Split('/')[^1]);
        Assert.Equal("light", next.JobName);
        first.End(0);
    }
}

using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Engine.Options;
using Refrag.Engine.Placement.Fleets;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Environments;
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
    public async Task Submit_OfGpusThatThisMachineLacks_RunsOnTheFleetAndSaysSo()
    {
        await Environment("fleet", ["g5.12xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit(vCpus: 8, memory: 1000, gpus: 4);
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        Assert.Contains("lacks 4 of the job's GPUs", (await Describe(id)).StatusReason, StringComparison.Ordinal);
        attempt.End(0);
        await Ended(id);
    }

    // The words are refrag's own: on AWS an instance that is there runs the job.
    [Fact]
    public async Task Submit_OfAJobWhoseInstanceIsThere_SaysThatItWaitsForThisMachine()
    {
        await Environment("fleet", ["m5.2xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string first = await Submit(vCpus: 8);
        string second = await Submit(vCpus: 8);
        InstancesStart();
        FakeAttempt running = await Runner.Next();
        string waits = running.JobId == first ? second : first;
        JobDetail waiting = await Until(waits, job => job.StatusReason is not null);
        Assert.Equal(JobStatus.Runnable, waiting.Status);
        Assert.StartsWith(
            "A rehearsal: an instance of the fleet is there; the job waits for 8 vCPUs and ", waiting.StatusReason,
            StringComparison.Ordinal);
        running.End(0);
        (await Runner.Next()).End(0);
        JobDetail ended = await Ended(waits);
        Assert.Equal("Essential container in task exited", ended.StatusReason);
    }

    // Real types; AWS has more of them than any catalogue. Such an environment is VALID on AWS, and the job is not too large for it.
    [Theory]
    [InlineData("trn9.24xlarge")]
    [InlineData("u99-6tb")]
    public async Task Submit_ToTypesThatTheCatalogueDoesNotKnow_SaysThatItDoesNotKnowThem(string type)
    {
        await Environment("fleet", [type]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        Assert.Equal(
            "UNDETERMINED - Batch job is blocked, root cause is undetermined. (A rehearsal: the catalogue does not know "
                + $"{type}, a type of fleet.)",
            (await Describe(id)).StatusReason);
        Assert.Equal(CEStatus.Valid, (await DescribeEnvironment("fleet")).Status);

        await Environment("both", ["m5.large", type]);
        await MakeQueue("both", ["both"]);
        string runs = await Submit(with: request => request with { JobQueue = "both" });
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(runs)).Status);
    }

    [Fact]
    public async Task Submit_ToANameThatIsNoTypeAtAll_MakesTheEnvironmentInvalid()
    {
        await Environment("fleet", ["m5.gigantic"]);
        await MakeQueue(Queue, ["fleet"]);
        await Submit();
        Assert.Equal(CEStatus.Invalid, (await DescribeEnvironment("fleet")).Status);
    }

    // A maximum bid is a percentage of the on-demand price. (API ComputeResource.bidPercentage)
    [Fact]
    public async Task Submit_WhereEverySpotPriceIsAboveTheBid_SaysSo()
    {
        await Environment("fleet", ["m5.large"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized, bid: 1);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        Assert.Equal(
            "UNDETERMINED - Batch job is blocked, root cause is undetermined. (A rehearsal: the Spot price of m5.large is above the bid of "
                + "fleet.)",
            (await Describe(id)).StatusReason);
    }

    // BEST_FIT never goes beyond the maximum. (API ComputeResource.maxvCpus)
    [Fact]
    public async Task Submit_ToBestFitWithAMaximumBelowItsType_SaysThatTheMaximumIsTooLow()
    {
        await Environment("fleet", ["m5.xlarge"], most: 2, strategy: CRAllocationStrategy.BestFit);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        Assert.Equal(
            "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of "
                + "the job.",
            (await Describe(id)).StatusReason);
    }

    [Fact]
    public async Task Submit_OfMoreThanAnyInstanceHas_SaysSoInBatchsWordsAndReportsTheEvent()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit(vCpus: 2, memory: 900_000);
        const string reason =
            "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by "
                + "the CE(s) attached to the job queue.";
        Assert.Equal((JobStatus.Runnable, reason), ((await Describe(id)).Status, (await Describe(id)).StatusReason));
        Assert.Equal(id, Assert.Single(Events.Taken.OfType<JobQueueBlocked>()).Job.JobId);
        await Send(BatchOperations.CancelJob, new CancelJobRequest { JobId = id, Reason = "too large" });
        Assert.Equal((JobStatus.Failed, "too large"), ((await Describe(id)).Status, (await Describe(id)).StatusReason));
    }

    [Fact]
    public async Task TimeLimit_OfAJobThatBlocksTheQueue_CancelsItAndLetsTheNextStart()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"], limits: new JobStateTimeLimitAction
        {
            Reason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
            State = "RUNNABLE",
            MaxTimeSeconds = 600,
            Action = "CANCEL",
        });
        string huge = await Submit("huge", vCpus: 2, memory: 900_000);
        string next = await Submit("next");
        Time.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(JobStatus.Runnable, (await Describe(huge)).Status);
        Time.Advance(TimeSpan.FromSeconds(2));
        JobDetail canceled = await Ended(huge);
        Assert.Equal(
            "Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", canceled.StatusReason);
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(next)).Status);
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

    [Fact]
    public async Task CreateComputeEnvironment_OfATypeThatDoesNotExist_IsInvalidWithTheReason()
    {
        await Environment("fleet", ["m5.gigantic"]);
        await Environment("good", ["m5.xlarge"]);
        await MakeQueue(Queue, ["good"]);
        ComputeEnvironmentDetail made = await DescribeEnvironment("fleet");
        Assert.Equal(CEStatus.Invalid, made.Status);
        Assert.Contains("m5.gigantic", made.StatusReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m5.gigantic", CEStatus.Invalid)]
    [InlineData("m5.*", CEStatus.Valid)]
    [InlineData("trn9.24xlarge", CEStatus.Valid)]
    public async Task CreateComputeEnvironment_OfManagedInstances_IsInvalidWithATypeThatDoesNotExist(string type, string expected)
    {
        await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = "fleet",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn:aws:iam::000000000000:role/infrastructure",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn:aws:iam::000000000000:instance-profile/instances",
                        NetworkConfiguration =
                            new ManagedInstancesNetworkConfiguration { Subnets = ["subnet-1"], SecurityGroups = ["sg-1"] },
                        InstanceRequirements = new InstanceRequirementsRequest { AllowedInstanceTypes = ["m5.large", type] },
                    },
                },
            },
        });
        await Environment("good", ["m5.xlarge"]);
        await MakeQueue(Queue, ["good"]);
        ComputeEnvironmentDetail made = await DescribeEnvironment("fleet");
        Assert.Equal(expected, made.Status);
        if (expected == CEStatus.Invalid) Assert.Contains(type, made.StatusReason, StringComparison.Ordinal);
    }

    // EC2 API InstanceRequirements: allowedInstanceTypes, and what is left out where EC2 chooses by attributes.
    [Fact]
    public void Environment_OfManagedInstances_HasTheTypesThatAreAllowed()
    {
        InstanceCatalogue catalogue = InstanceCatalogue.Load();
        ComputeEnvironment some = Of("m5.*", "c5.metal", "trn9.*", "t3", "m6g.large");
        Assert.Contains("m5.large", some.InstanceTypes);
        Assert.Contains("c5.metal", some.InstanceTypes);
        Assert.Contains("t3.large", some.InstanceTypes);
        Assert.DoesNotContain("m5.metal", some.InstanceTypes);
        Assert.DoesNotContain("m6g.large", some.InstanceTypes);
        Assert.Equal(["trn9.*"], some.UnknownTypes);
        Assert.DoesNotContain(Of().InstanceTypes, name => catalogue.Find(name) is { IsBareMetal: true } or { IsBurstable: true });
        Assert.Contains("m8i.large", Of().InstanceTypes);

        ComputeEnvironment Of(params string[] allowed) => FleetModel.Environment(new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = "fleet",
            ComputeEnvironmentArn = "arn",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn",
                        NetworkConfiguration = new ManagedInstancesNetworkConfiguration { Subnets = ["s"], SecurityGroups = ["g"] },
                        InstanceRequirements = new InstanceRequirementsRequest { AllowedInstanceTypes = allowed },
                    },
                },
            },
        }, new FleetOptions { Catalogue = catalogue }, "us-east-1", hasRoleFault: false);
    }

    // The values that the API's pages name, in whatever case they were given. (API ManagedInstancesProvider, InstanceLaunchTemplate)
    [Fact]
    public async Task CreateAndUpdate_OfManagedInstances_AnswerValuesAsTheApiWritesThem()
    {
        await Send(BatchOperations.CreateComputeEnvironment, new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = "fleet",
            Type = CEType.Managed,
            ComputeResources = new ComputeResource
            {
                Type = CRType.EcsManagedInstances,
                MaxvCpus = 8,
                ManagedInstancesProvider = new ManagedInstancesProvider
                {
                    InfrastructureRoleArn = "arn:aws:iam::000000000000:role/infrastructure",
                    PropagateTags = "capacity_provider",
                    InstanceLaunchTemplate = new InstanceLaunchTemplate
                    {
                        Ec2InstanceProfileArn = "arn:aws:iam::000000000000:instance-profile/instances",
                        NetworkConfiguration =
                            new ManagedInstancesNetworkConfiguration { Subnets = ["subnet-1"], SecurityGroups = ["sg-1"] },
                        CapacityOptionType = "Spot",
                        Monitoring = "basic",
                    },
                },
            },
        });
        ManagedInstancesProvider made = (await DescribeEnvironment("fleet")).ComputeResources!.ManagedInstancesProvider!;
        Assert.Equal(("CAPACITY_PROVIDER", "SPOT", "BASIC"),
            (made.PropagateTags, made.InstanceLaunchTemplate.CapacityOptionType, made.InstanceLaunchTemplate.Monitoring));

        await Send(BatchOperations.UpdateComputeEnvironment, new UpdateComputeEnvironmentRequest
        {
            ComputeEnvironment = "fleet",
            ComputeResources = new ComputeResourceUpdate
            {
                ManagedInstancesProvider = new UpdateManagedInstancesProviderConfiguration
                {
                    PropagateTags = "none",
                    InstanceLaunchTemplate = new InstanceLaunchTemplateUpdate { Monitoring = "Detailed" },
                },
            },
        });
        ManagedInstancesProvider changed = (await DescribeEnvironment("fleet")).ComputeResources!.ManagedInstancesProvider!;
        Assert.Equal(("NONE", "SPOT", "DETAILED"),
            (changed.PropagateTags, changed.InstanceLaunchTemplate.CapacityOptionType, changed.InstanceLaunchTemplate.Monitoring));
    }

    // nextflow#7479 is about a job whose own instance was starting. What waits for another reason is not meant.
    [Fact]
    public async Task TransientReason_OfAHeadWithoutAnInstanceOfItsOwn_IsNotSaid()
    {
        await Batch.DisposeAsync();
        Runner = new FakeRunner();
        Batch = Open(new Scenario
        {
            StartUp = TimeSpan.FromMinutes(20),
            Refusal = InstanceStart,
            Injections = [new TransientReason(TransientReason.Reported)],
        });
        await Environment("fleet", ["m5.large"], most: 2);
        await MakeQueue("urgent", ["fleet"], priority: 2);
        await MakeQueue(Queue, ["fleet"]);
        string awaited = await Submit(vCpus: 2, queue: "urgent");
        await Describe(awaited);
        // The fleet is at its maximum with the instance that starts for the other.
        string waits = await Submit(vCpus: 2);
        await Describe(waits);
        Time.Advance(TransientReason.Reported);
        JobDetail said = await Until(awaited, job => job.StatusReason is not null);
        Assert.StartsWith("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", said.StatusReason, StringComparison.Ordinal);
        Time.Advance(TransientReason.Reported);
        // An answer shows that the step is done.
        await Describe(awaited);
        Assert.Null((await Describe(waits)).StatusReason);
    }

    // "Only appears after the compute environment has begun scaling instances". (API Ec2Configuration.batchImageStatus)
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

using Refrag.Aws.Batch;
using Refrag.Engine.Placement.Fleets;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Store;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>Fleets after an engine was killed.</summary>
public sealed class FleetRestartTests : FleetTest
{
    [Fact]
    public async Task Restart_WithJobsRunningAndWaiting_KeepsThePlacesAndTheOrder()
    {
        using var folder = new StateFolderFixture();
        var scenario = new Scenario { StartUp = InstanceStart, Refusal = InstanceStart };
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(scenario, store);
        await Environment("fleet", ["m5.xlarge"], most: 4);
        await MakeQueue(Queue, ["fleet"]);
        string running =
            await Submit("running", vCpus: 4, with: request => request with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        string waiting = await Submit("waiting", vCpus: 4);
        InstancesStart();
        await Runner.Next();
        await Until(running, job => job.Status == JobStatus.Running);
        store.Dispose();

        // The runner knows nothing of the attempt any more: its end is unknown, and the next attempt takes the place of the first, before
        // the one that waits.
        Runner = new FakeRunner();
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time));
        FakeAttempt second = await Runner.Next();
        Assert.Equal(running, second.JobId);
        Assert.Equal(
            "Host EC2 (instance i-00000000000000001) terminated.", Assert.Single((await Describe(running)).Attempts!).StatusReason);
        Assert.Equal(4, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus);
        Assert.Equal(waiting,
            Assert.Single(
                (await Send(BatchOperations.GetJobQueueSnapshot,
                    new GetJobQueueSnapshotRequest { JobQueue = Queue })).FrontOfQueue!.Jobs!).JobArn!.Split('/')[^1]);
        second.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(running)).Status);
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(waiting)).Status);
    }

    [Fact]
    public async Task Restart_WithAJobOfAnEnvironmentThatIsGone_RunsItToItsEnd()
    {
        using var folder = new StateFolderFixture();
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(new Scenario { StartUp = InstanceStart }, store);
        await Environment("old", ["m5.xlarge"]);
        await Environment("new", ["c5.xlarge"]);
        await MakeQueue(Queue, ["old"]);
        string id = await Submit(with: request => request with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        await Send(BatchOperations.UpdateJobQueue,
            new UpdateJobQueueRequest { JobQueue = Queue, ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "new" }] });
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = "old", State = CEState.Disabled });
        await Send(BatchOperations.DeleteComputeEnvironment, new DeleteComputeEnvironmentRequest { ComputeEnvironment = "old" });
        first.End(1);
        await Until(id, job => job.Status == JobStatus.Runnable);
        InstancesStart();
        (await Runner.Next()).End(0);
        JobDetail ended = await Ended(id);
        Assert.Equal(JobStatus.Succeeded, ended.Status);
        Assert.Contains("container-instance/new/", ended.Container!.ContainerInstanceArn, StringComparison.Ordinal);
        store.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_OfAFairShareQueue_RemembersWhatTheSharesHaveUsed(bool isArray)
    {
        using var folder = new StateFolderFixture();
        var scenario = new Scenario { StartUp = InstanceStart };
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(scenario, store);
        string policy = (await Send(BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest
        {
            Name = "policy",
            FairsharePolicy = new FairsharePolicy
            {
                ShareDecaySeconds = 3600,
                ShareDistribution = [new() { ShareIdentifier = "a" }, new() { ShareIdentifier = "b" }],
            },
        })).Arn;
        await Environment("fleet", ["m5.large"], most: 2);
        await MakeQueue(Queue, ["fleet"], policy: policy);
        string used =
            await Submit("used", vCpus: 2,
                with: request =>
                    request with
                    {
                        ShareIdentifier = "a",
                        SchedulingPriorityOverride = 0,
                        ArrayProperties = isArray ? new ArrayProperties { Size = 2 } : null,
                    });
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        string first = attempt.JobId;
        await Until(first, job => job.Status == JobStatus.Running);
        // The other child of an array waits, and with it the array lives on.
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = "fleet", State = CEState.Disabled });
        Time.Advance(TimeSpan.FromMinutes(10));
        attempt.End(0);
        await Ended(first);
        store.Dispose();

        Runner = new FakeRunner();
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time));
        await Submit("a", vCpus: 2, with: request => request with { ShareIdentifier = "a", SchedulingPriorityOverride = 0 });
        string other = await Submit("b", vCpus: 2, with: request => request with { ShareIdentifier = "b", SchedulingPriorityOverride = 0 });
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = "fleet", State = CEState.Enabled });
        InstancesStart();
        FakeAttempt next = await Runner.Next();
        Assert.Equal(other, next.JobId);
        next.End(0);
    }

    [Fact]
    public async Task Restart_WithAJobThatWaitsAndHoldsAConsumable_LetsItHaveIt()
    {
        using var folder = new StateFolderFixture();
        var scenario = new Scenario { StartUp = InstanceStart };
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(scenario, store);
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await Send(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "license", TotalQuantity = 1 });
        string id = await Submit(with: request => request with
        {
            ConsumableResourcePropertiesOverride = new ConsumableResourceProperties
            {
                ConsumableResourceList = [new() { ConsumableResource = "license", Quantity = 1 }],
            },
        });
        await Describe(id);
        store.Dispose();

        Runner = new FakeRunner();
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time));
        await Describe(id);
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
        var left =
            await Send(
                BatchOperations.DescribeConsumableResource, new DescribeConsumableResourceRequest { ConsumableResource = "license" });
        Assert.Equal((1L, 0L), (left.TotalQuantity, left.InUseQuantity));
    }

    [Fact]
    public async Task Restart_WhileAnAttemptDiesWithItsInstance_GivesNoJobTheIdOfThatInstance()
    {
        using var folder = new StateFolderFixture();
        var scenario = new Scenario { StartUp = InstanceStart };
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(scenario, store);
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        string dying = await Submit();
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        await Until(dying, job => job.Status == JobStatus.Running);
        await Batch.InjectAsync(new SpotReclaim());
        await attempt.NextSignal();
        store.Dispose();

        Runner = new FakeRunner { Left = attempt };
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time));
        string next = await Submit();
        await Describe(next);
        InstancesStart();
        FakeAttempt second = await Runner.Next();
        SimulatedInstance only = Assert.Single(await Batch.FleetsAsync(Token));
        Assert.Equal("i-00000000000000002", only.Id);
        Assert.Equal([next], only.JobIds);
        attempt.End(137);
        second.End(0);
        await Ended(dying);
        await Ended(next);
    }

    [Fact]
    public async Task Restart_WithAJobOnFargate_CountsItStill()
    {
        using var folder = new StateFolderFixture();
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(new Scenario(), store, memory: 100_000);
        await Fargate(most: 1);
        await MakeQueue(Queue, ["fargate"]);
        string id = await Submit(memory: 2048);
        FakeAttempt running = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        store.Dispose();

        Runner = new FakeRunner { Left = running };
        Batch = Open(new Scenario(), SqliteStore.Open(folder.Path, Time), memory: 100_000);
        string next = await Submit(memory: 2048);
        Assert.Equal(JobStatus.Runnable, (await Describe(next)).Status);
        running.End(0);
        (await Runner.Next()).End(0);
        await Ended(next);
    }

    [Fact]
    public async Task Restart_WithTypesThatLackTheOneInUse_RunsTheJobToItsEnd()
    {
        using var folder = new StateFolderFixture();
        var scenario = new Scenario { StartUp = InstanceStart };
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(scenario, store);
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string id = await Submit();
        InstancesStart();
        await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        store.Dispose();

        Runner = new FakeRunner();
        var types = new InstanceCatalogue(InstanceCatalogue.Load().Types.Where(type => type.Name != "m5.xlarge"));
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time), types: types);
        await Ended(id);
        // A real type that a catalogue lacks is no fault of the environment.
        Assert.Equal(CEStatus.Valid, (await DescribeEnvironment("fleet")).Status);
    }
}

using Refrag.Aws.Batch;
using Refrag.Engine.Store;
using Refrag.Engine.Tests.Engine;
using Refrag.Engine.Tests.Store;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Fleets;

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
        string running = await Submit("running", vCpus: 4, with: request => request with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        string waiting = await Submit("waiting", vCpus: 4);
        InstancesStart();
        await Runner.Next();
        await Until(running, job => job.Status == JobStatus.Running);
        store.Dispose();

        // The runner knows nothing of the attempt any more: its end is unknown, and the next attempt takes the place of the first, before the one that waits.
        Runner = new FakeRunner();
        Batch = Open(scenario, SqliteStore.Open(folder.Path, Time));
        FakeAttempt second = await Runner.Next();
        Assert.Equal(running, second.JobId);
        Assert.Equal("Host EC2 (instance i-00000000000000001) terminated.", Assert.Single((await Describe(running)).Attempts!).StatusReason);
        Assert.Equal(4, (await DescribeEnvironment("fleet")).ComputeResources!.DesiredvCpus);
        Assert.Equal(waiting, Assert.Single((await Send(BatchOperations.GetJobQueueSnapshot, new GetJobQueueSnapshotRequest { JobQueue = Queue })).FrontOfQueue!.Jobs!).JobArn!.Split('/')[^1]);
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
        await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = Queue, ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "new" }] });
        await Send(BatchOperations.UpdateComputeEnvironment, new UpdateComputeEnvironmentRequest { ComputeEnvironment = "old", State = CEState.Disabled });
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

    [Fact]
    public async Task Restart_OfAFairShareQueue_RemembersWhoUsedTheVCpus()
    {
        using var folder = new StateFolderFixture();
        var store = new CrashingStore(SqliteStore.Open(folder.Path, Time), commits: int.MaxValue, writesLast: true);
        Batch = Open(new Scenario { StartUp = InstanceStart }, store);
        var policy = await Send(BatchOperations.CreateSchedulingPolicy, new CreateSchedulingPolicyRequest { Name = "fair", FairsharePolicy = new FairsharePolicy { ShareDecaySeconds = 600 } });
        await Environment("fleet", ["m5.xlarge"], most: 4);
        await MakeQueue(Queue, ["fleet"], policy: policy.Arn);
        string used = await Submit("used", vCpus: 4, with: request => request with { ShareIdentifier = "greedy" });
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        await Until(used, job => job.Status == JobStatus.Running);
        Time.Advance(TimeSpan.FromMinutes(2));
        attempt.End(0);
        await Ended(used);
        store.Dispose();

        // Both shares are idle now, and "greedy" comes first; without a memory of what it used it would go first.
        Runner = new FakeRunner();
        Batch = Open(new Scenario { StartUp = InstanceStart }, SqliteStore.Open(folder.Path, Time));
        await Submit("greedy", vCpus: 4, with: request => request with { ShareIdentifier = "greedy" });
        string modest = await Submit("modest", vCpus: 4, with: request => request with { ShareIdentifier = "modest" });
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        Assert.Equal(modest, first.JobId);
        first.End(0);
        await Ended(modest);
        (await Runner.Next()).End(0);
    }
}

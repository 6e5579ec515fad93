using Refrag.Aws.Batch;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>Queues and environments that change or go while jobs wait and run on fleets.</summary>
public sealed class FleetChangeTests : FleetTest
{
    [Fact]
    public async Task UpdateJobQueue_ToAnUnmanagedEnvironmentAndBack_StrandsNoWaitingJob()
    {
        await MakeFleetAndHosts();
        string id = await Submit();
        await MoveTo("hosts");
        await MoveTo("fleet");
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task UpdateJobQueue_ToAnUnmanagedEnvironmentAndBack_StrandsNoJobWhoseAttemptEndedMeanwhile()
    {
        await MakeFleetAndHosts();
        string id = await Submit(with: request => request with { RetryStrategy = new RetryStrategy { Attempts = 2 } });
        InstancesStart();
        FakeAttempt first = await Runner.Next();
        await MoveTo("hosts");
        first.End(1);
        await Until(id, job => job.Status == JobStatus.Runnable);
        await MoveTo("fleet");
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task UpdateJobQueue_ToAnUnmanagedEnvironment_LeavesTheInstanceToWhatRunsOnIt()
    {
        await MakeFleetAndHosts("m5.large", most: 2);
        await MakeQueue("other", ["fleet"]);
        string id = await Submit(vCpus: 2);
        InstancesStart();
        FakeAttempt running = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        await MoveTo("hosts");
        string second = await Submit(vCpus: 2, queue: "other");
        InstancesStart();
        Assert.Equal([second], await Front("other"));
        Assert.Equal([id], Assert.Single(await Batch.FleetsAsync(Token)).JobIds);
        running.End(0);
        (await Runner.Next()).End(0);
        await Ended(second);
    }

    [Fact]
    public async Task UpdateJobQueue_ToAnUnmanagedEnvironment_TakesAlongWhatWaitsForAConsumable()
    {
        await MakeFleetAndHosts();
        await Send(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "license", TotalQuantity = 0 });
        string id = await Submit(with: NeedsLicense);
        await MoveTo("hosts");
        await Send(BatchOperations.UpdateConsumableResource,
            new UpdateConsumableResourceRequest { ConsumableResource = "license", Operation = "SET", Quantity = 1 });
        await Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = "hosts", State = CEState.Enabled });
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task CancelJob_BeforeItStarts_UsesNothingUp()
    {
        await MakeFleetAndHosts();
        await Send(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest
            {
                ConsumableResourceName = "license",
                TotalQuantity = 1,
                ResourceType = "NON_REPLENISHABLE",
            });
        string id = await Submit(with: NeedsLicense);
        await Send(BatchOperations.CancelJob, new CancelJobRequest { JobId = id, Reason = "not now" });
        var left =
            await Send(
                BatchOperations.DescribeConsumableResource, new DescribeConsumableResourceRequest { ConsumableResource = "license" });
        Assert.Equal((1L, 0L, 1L), (left.TotalQuantity, left.InUseQuantity, left.AvailableQuantity));
    }

    [Fact]
    public async Task DeleteJobQueue_OfAnother_LetsATimeLimitRunOn()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue("other", ["fleet"]);
        const string reason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT";
        await MakeQueue(Queue, ["fleet"],
            limits: new JobStateTimeLimitAction { Reason = reason, State = "RUNNABLE", MaxTimeSeconds = 600, Action = "CANCEL" });
        string huge = await Submit(vCpus: 2, memory: 900_000);
        Time.Advance(TimeSpan.FromSeconds(590));
        await DeleteQueue("other");
        Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(JobStatus.Failed, (await Ended(huge)).Status);
    }

    [Fact]
    public async Task UpdateJobQueue_WithALimit_CountsForTheJobThatBlocksAlready()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        string huge = await Submit(vCpus: 2, memory: 900_000);
        await Describe(huge);
        var limit = new JobStateTimeLimitAction
        {
            Reason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
            State = "RUNNABLE",
            MaxTimeSeconds = 600,
            Action = "CANCEL",
        };
        await Send(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = Queue, JobStateTimeLimitActions = [limit] });
        Time.Advance(TimeSpan.FromSeconds(601));
        Assert.Equal(JobStatus.Failed, (await Ended(huge)).Status);
    }

    [Fact]
    public async Task TimeLimit_OfAJobThatHoldsAConsumable_LetsTheNextHaveIt()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"],
            limits: new JobStateTimeLimitAction
            {
                Reason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
                State = "RUNNABLE",
                MaxTimeSeconds = 600,
                Action = "CANCEL",
            });
        await Send(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "license", TotalQuantity = 1 });
        await Submit(vCpus: 2, memory: 900_000, with: NeedsLicense);
        string next = await Submit(with: NeedsLicense);
        Time.Advance(TimeSpan.FromSeconds(601));
        // One look, so that the clock and not the question wakes the fleets.
        await Until(next, _ => true);
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(next)).Status);
    }

    [Fact]
    public async Task CreateJobQueue_WhileALaunchIsRefused_DoesNotForgetTheRefusal()
    {
        await Environment("first", ["m5.xlarge"]);
        await Environment("second", ["c5.xlarge"]);
        await MakeQueue(Queue, ["first", "second"]);
        await Batch.InjectAsync(new InsufficientCapacity("m5.*"));
        string id = await Submit();
        await Describe(id);
        await MakeQueue("other", ["first"]);
        InstancesStart();
        await Describe(id);
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    private static SubmitJobRequest NeedsLicense(SubmitJobRequest request) => request with
    {
        ConsumableResourcePropertiesOverride = new ConsumableResourceProperties
        {
            ConsumableResourceList = [new() { ConsumableResource = "license", Quantity = 1 }],
        },
    };

    private async Task MakeFleetAndHosts(string type = "m5.xlarge", int most = 64)
    {
        await Environment("fleet", [type], most);
        await Send(BatchOperations.CreateComputeEnvironment,
            new CreateComputeEnvironmentRequest { ComputeEnvironmentName = "hosts", Type = CEType.Unmanaged, State = CEState.Disabled });
        await MakeQueue(Queue, ["fleet"]);
    }

    private async Task MoveTo(string environment)
    {
        await Send(BatchOperations.UpdateJobQueue,
            new UpdateJobQueueRequest
            {
                JobQueue = Queue,
                ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = environment }],
            });
        await DescribeEnvironment(environment);
    }
}

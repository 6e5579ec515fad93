using Refrag.Aws.Batch;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>What is set of an environment is what its fleet does, also after a change of it or of another one.</summary>
public sealed class FleetSettingsTests : FleetTest
{
    [Fact]
    public async Task Update_OfDesiredVCpus_LaunchesThem()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await Update("fleet", new ComputeResourceUpdate { DesiredvCpus = 8 });
        Assert.Equal(8, await VCpusOf("fleet"));
    }

    [Fact]
    public async Task Update_OfMinVCpus_LaunchesAndKeepsThem()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await Update("fleet", new ComputeResourceUpdate { MinvCpus = 4 });
        InstancesStart();
        await VCpusOf("fleet");
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, await VCpusOf("fleet"));
        await Update("fleet", new ComputeResourceUpdate { MinvCpus = 0, DesiredvCpus = 0 });
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await VCpusOf("fleet"));
    }

    [Fact]
    public async Task DeleteJobQueue_OfAnother_DoesNotStartOutAnew()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await MakeQueue("other", ["fleet"]);
        await Update("fleet", new ComputeResourceUpdate { DesiredvCpus = 4 });
        InstancesStart();
        await VCpusOf("fleet");
        Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(0, await VCpusOf("fleet"));
        await DeleteQueue("other");
        Assert.Equal(0, await VCpusOf("fleet"));
    }

    [Fact]
    public async Task DeleteJobQueue_OfAnother_GivesNoInstanceTheIdOfAnEarlierOne()
    {
        await Environment("fleet", ["m5.xlarge"]);
        await MakeQueue(Queue, ["fleet"]);
        await MakeQueue("other", ["fleet"]);
        await RunOne();
        string first = Assert.Single(await Batch.FleetsAsync(Token)).Id;
        Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(0, await VCpusOf("fleet"));
        await DeleteQueue("other");
        await RunOne();
        Assert.NotEqual(first, Assert.Single(await Batch.FleetsAsync(Token)).Id);
    }

    [Fact]
    public async Task DeleteJobQueue_OfAnother_LeavesToFargateWhatRunsThere()
    {
        Batch = Open(new Scenario(), memory: 100_000);
        await Fargate(most: 1);
        await MakeQueue(Queue, ["fargate"]);
        await MakeQueue("other", ["fargate"]);
        string id = await Submit(memory: 2048);
        FakeAttempt running = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        string next = await Submit(memory: 2048);
        await DeleteQueue("other");
        Assert.Equal(JobStatus.Runnable, (await Describe(next)).Status);
        running.End(0);
        (await Runner.Next()).End(0);
        await Ended(next);
    }

    [Fact]
    public async Task Update_OfInstanceTypes_LetsAMultiNodeJobHaveTheRoomOfTheOldOnes()
    {
        await Environment("fleet", ["m5.xlarge"], most: 8);
        await MakeQueue(Queue, ["fleet"]);
        await Send(BatchOperations.RegisterJobDefinition, TwoNodes());
        await RunOne();
        await Update("fleet", new ComputeResourceUpdate { InstanceTypes = ["c5.xlarge"] });
        string id =
            (await Send(
                BatchOperations.SubmitJob, new SubmitJobRequest { JobName = "two", JobQueue = Queue, JobDefinition = "nodes" })).JobId;
        await Describe(id);
        Time.Advance(TimeSpan.FromMinutes(6));
        await Describe(id);
        InstancesStart();
        foreach (FakeAttempt node in new[] { await Runner.Next(), await Runner.Next() }) node.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task SpotRate_ThatReclaimsAlmostNever_IsNoFault()
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        await Batch.InjectAsync(new SpotRate(1e-5));
        await Batch.InjectAsync(new SpotRate(1e-300));
        string id = await Submit();
        InstancesStart();
        FakeAttempt running = await Runner.Next();
        // By then nothing but the reclaim, years from now, is left to wait for.
        Time.Advance(TimeSpan.FromHours(1));
        await Describe(id);
        running.End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
        Assert.Single(await Batch.FleetsAsync(Token));
    }

    private async Task RunOne()
    {
        string id = await Submit();
        InstancesStart();
        (await Runner.Next()).End(0);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    private Task<UpdateComputeEnvironmentResponse> Update(string name, ComputeResourceUpdate update) =>
        Send(BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest { ComputeEnvironment = name, ComputeResources = update });

    private async Task<int?> VCpusOf(string name)
    {
        // The first answer shows that the engine has heard the clock; the second, what it did then.
        await DescribeEnvironment(name);
        return (await DescribeEnvironment(name)).ComputeResources!.DesiredvCpus;
    }
}

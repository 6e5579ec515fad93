using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>Why a job of a managed compute environment waits.</summary>
public sealed class FleetReasonTests : FleetTest
{
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
}

using Refrag.Aws.Batch;
using Refrag.Scheduling.Simulation;

namespace Refrag.Engine.Tests.Placement.Fleets;

/// <summary>A scenario's event that concerns nothing is reported when it begins; one that concerns something is not.</summary>
public sealed class InjectionTargetsTests : FleetTest
{
    public static TheoryData<Injection, string> Missing => new()
    {
        { new InsufficientCapacity("g5.*"), "insufficient_capacity of g5.* concerns nothing so far: no environment has such a type" },
        { new InsufficientCapacity("m5.*", Zone: "b"), "no environment has such a type in zone b" },
        { new InsufficientCapacity("m5.*", IsSpot: true), "no Spot environment has such a type" },
        { new SpotRate(1), "spot_rate concerns nothing so far: no environment is Spot" },
        { new RoleFault("fisrt"), "role_fault concerns nothing so far: no managed environment has the name fisrt" },
        { new EndpointGone("fisrt"), "endpoint_gone concerns nothing so far: no managed environment has the name fisrt" },
        { new ImageFault("fisrt"), "image_fault concerns nothing so far: no managed environment has the name fisrt" },
        { new TransientReason(TimeSpan.FromSeconds(1), "fisrt"), "transient_reason concerns nothing so far: no managed environment" },
        { new SpotReclaim(), "spot_reclaim took nothing: no Spot instance runs." },
        { new SpotReclaim(Environment: "first"), "spot_reclaim took nothing: no Spot instance runs in environment first." },
    };

    public static TheoryData<Injection> There =>
    [
        new InsufficientCapacity("m5.*"), new InsufficientCapacity("m5.xlarge", Zone: "a", IsSpot: false),
        new SlowStart(TimeSpan.FromSeconds(1)), new RoleFault("first"), new ImageFault(), new ImageFault("first"),
        new EndpointGone(), new EndpointGone("first"),
        new TransientReason(TimeSpan.FromHours(1)),
    ];

    [Theory]
    [MemberData(nameof(Missing))]
    public async Task Inject_WhatConcernsNothing_IsReported(Injection injection, string said)
    {
        await InjectAsync(injection);

        Assert.Contains(said, Assert.Single(Said), StringComparison.Ordinal);
        Assert.StartsWith("Scenario: ", Said.First(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(There))]
    public async Task Inject_WhatConcernsSomething_IsNotReported(Injection injection)
    {
        await InjectAsync(injection);

        Assert.Empty(Said);
    }

    [Fact]
    public async Task SpotReclaim_OfAnInstanceThatRuns_IsNotReported()
    {
        await Environment("spot", ["m5.xlarge"], type: CRType.Spot, strategy: CRAllocationStrategy.SpotCapacityOptimized);
        await MakeQueue(Queue, ["spot"]);
        string id = await Submit();
        InstancesStart();
        FakeAttempt attempt = await Runner.Next();
        await Until(id, job => job.Status == JobStatus.Running);
        await Batch.InjectAsync(new SpotReclaim());
        await attempt.NextSignal();
        attempt.End(137);
        await Ended(id);

        Assert.Empty(Said);
    }

    // A queue with a managed environment is there, and a job waits, so that placement runs.
    private async Task InjectAsync(Injection injection)
    {
        await Environment("first", ["m5.xlarge"]);
        await MakeQueue(Queue, ["first"]);
        await Submit();
        await Batch.InjectAsync(injection);
        await Send(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest());
    }
}

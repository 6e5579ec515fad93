using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Tests.Cases;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Deciding;

/// <summary>A cluster that is made in the place of another one continues where that one was.</summary>
public sealed class SuccessionTests
{
    private static readonly Amount s_one = Amount.Of(1, 1024);

    [Fact]
    public void Succeed_AfterARefusal_AsksForAnotherType()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large", "c5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_one));
        Assert.Equal("1xc5.large@ce", cluster.Launches());
        Assert.Equal("1xm5.large@ce", Successor(cluster.Refuse(10), 10).Launches(10));
    }

    [Fact]
    public void Succeed_OfABlockedHead_CountsItsTimeFromWhereItBegan()
    {
        JobQueue queue = Queue("q", "ce") with
        {
            TimeLimits = [new TimeLimitAction(BlockedCause.JobRequirement, TimeSpan.FromSeconds(600))],
        };
        Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(queue).Jobs(Job("a", Amount.Of(4, 900_000)));
        Assert.NotEmpty(cluster.Blocks());
        Cluster next = Successor(cluster, 500);
        Assert.Empty(next.Blocks(500));
        Assert.Equal("a: Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", next.Cancels(600));
    }

    [Fact]
    public void Succeed_OfAHeadThatRunsNow_BlocksNothing()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large"))
            .With(Queue("q", "ce")).Jobs(Job("a", Amount.Of(4, 900_000)), Job("b", s_one, at: 1));
        cluster.Decide(At(1));
        ClusterSnapshot snapshot = cluster.Snapshot(At(2));
        Cluster next =
            Cluster.From(
                snapshot with { Jobs = [.. snapshot.Jobs.Where(job => job.Request.Id != "a")] }, At(2), Tables.Types, Tables.Prices);
        next.Succeed(cluster);
        Assert.Equal("1xm5.large@ce", next.Launches(2));
    }

    [Fact]
    public void Succeed_AfterTheVCpusOfTheStart_DoesNotStartOutAnew()
    {
        ComputeEnvironment fleet = Fleet("ce", 64, "m5.2xlarge") with { DesiredVCpus = 16 };
        Cluster cluster = New(fleet).With(Queue("q", "ce")).Ready();
        cluster.Decide(At(0));
        Assert.Equal("2 go, 0 stay", cluster.Terminates(300));
        Assert.Empty(Successor(cluster, 301).Launches(301));
    }

    [Fact]
    public void Succeed_AfterJobsHaveEnded_KnowsHowLongTheyLasted()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one).Jobs(Job("a", s_one));
        cluster.Decide(At(0));
        cluster.End("a", 60);
        Likeness alike = Likeness.Of(Job("b", s_one)).First();
        Assert.Equal([60_000], Successor(cluster, 61).Observations.Durations.Of(alike));
    }

    [Fact]
    public void From_AfterInstancesHaveGone_GivesNoneTheirNumbers()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", s_one)).Ready();
        cluster.Decide(At(0));
        Assert.Equal("1 go, 0 stay", cluster.End("a", 10).Terminates(310));
        Cluster next = Cluster.From(cluster.Snapshot(At(311)), At(311), Tables.Types, Tables.Prices).Jobs(Job("b", s_one, at: 311));
        Assert.Equal(new InstanceKey(2), Assert.Single(next.Decide(At(311)).Launches).Instance);
    }

    private static Cluster Successor(Cluster cluster, double at)
    {
        Cluster next = Cluster.From(cluster.Snapshot(At(at)), At(at), Tables.Types, Tables.Prices);
        next.Succeed(cluster);
        return next;
    }
}

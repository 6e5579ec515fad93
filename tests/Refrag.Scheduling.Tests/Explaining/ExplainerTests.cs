using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Tests.Cases;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Explaining;

public sealed class ExplainerTests
{
    private static readonly Amount s_one = Amount.Of(1, 1024);

    [Fact]
    public void Explain_TwoGpusOnReferenceTypes_NamesDimensionAndTriedCures()
    {
        Cluster cluster = New(Fleet("gpu", 64, "g5.xlarge", "g5.2xlarge", "g5.4xlarge"))
            .With(Queue("q", "gpu")).Jobs(Job("j", Amount.Of(8, 32768, 2)));
        cluster.Decide(Start);
        WaitExplanation why = cluster.Explain("j", Start)!;
        Assert.Equal((BlockedCause.JobRequirement, 1), (why.Cause!.Value, why.Position));
        EnvironmentExplanation environment = Assert.Single(why.Environments);
        Assert.Equal(Verdict.TooSmall, environment.Verdict);
        Assert.Equal("gpu has nothing large enough: the nearest is g5.4xlarge, but the job needs 2 GPUs, offers 1", environment.Text);
        Assert.Contains(why.Cures, cure => cure.Text == "add g5.12xlarge to the instance types of gpu");
        Assert.Contains(why.Cures, cure => cure.Change is LowerRequest { To.Gpus: 1 });
        Assert.Null(why.Expected);
    }

    // Managed instances have a list of allowed types, an infrastructure role, and a maximum for what jobs ask for. (API
    // ManagedInstancesProvider, InstanceRequirementsRequest; ComputeResource.maxvCpus)
    [Fact]
    public void Explain_OfManagedInstances_UsesTheirWords()
    {
        Cluster cluster = New(Fleet("managed", 8, "m5.large") with { CountsRequests = true })
            .With(Queue("q", "managed")).Jobs(Job("j", Amount.Of(4, 1024)));
        cluster.Decide(Start);
        Assert.Contains(
            cluster.Explain("j", Start)!.Cures, cure => cure.Text == "add m5.xlarge to the allowed instance types of managed");

        Cluster faulty = New(Fleet("managed", 8, "m5.large") with { CountsRequests = true, HasRoleFault = true })
            .With(Queue("q", "managed")).Jobs(Job("j", s_one));
        faulty.Decide(Start);
        WaitExplanation why = faulty.Explain("j", Start)!;
        Assert.Equal(
            "managed cannot launch instances: its infrastructure role lacks a permission", Assert.Single(why.Environments).Text);
        Assert.Contains(why.Cures, cure => cure.Text == "give the infrastructure role of managed the permission it lacks");

        Cluster growing = New(Fleet("managed", 8, "m5.large") with { CountsRequests = true })
            .With(Queue("q", "managed")).Jobs(Job("j", s_one));
        Assert.Equal("managed can launch an instance for it (0 of 8 vCPUs asked for)",
            Assert.Single(growing.Explain("j", Start)!.Environments).Text);
    }

    [Fact]
    public void Explain_AddedTypeBeyondTheMaximum_IsNotOffered()
    {
        Cluster cluster = New(Fleet("gpu", 16, "g5.xlarge") with { Strategy = AllocationStrategy.BestFit }).With(Queue("q", "gpu"))
            .Jobs(Job("j", Amount.Of(8, 32768, 2)));
        cluster.Decide(Start);
        // g5.12xlarge has 48 vCPUs and BEST_FIT on demand never goes beyond 16: it was tried, and did not help.
        Assert.DoesNotContain(cluster.Explain("j", Start)!.Cures, cure => cure.Change is AddType);
    }

    [Fact]
    public void Explain_DisabledAndTooSmall_IsCuredByBothTogether()
    {
        Cluster cluster = New(Fleet("ce", 4, "m5") with { IsEnabled = false }).With(Queue("q", "ce")).Jobs(Job("j", Amount.Of(8, 1024)));
        cluster.Decide(Start);
        Assert.Contains(
            cluster.Explain("j", Start)!.Cures, cure => cure.Text == "enable ce, and raise the maximum of ce from 4 to 8 vCPUs");
    }

    [Fact]
    public void Explain_BehindABlockedHead_PointsAtTheHead()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large"))
            .With(Queue("q", "ce")).Jobs(Job("huge", Amount.Of(1, 900_000)), Job("j", s_one, at: 1));
        cluster.Decide(At(2));
        WaitExplanation why = cluster.Explain("j", At(2))!;
        Assert.Equal(("huge", 2), (why.Head, why.Position));
        Assert.Contains("huge", Assert.Single(why.Cures).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Reservation_OffersToLowerIt()
    {
        Cluster cluster = New(Hosts("ce"))
            .With(Queue("q", "ce") with { FairShare = new FairSharePolicy { ComputeReservation = 50 } }).Host(Amount.Of(2, 8192))
            .Jobs(Job("a", s_one, share: "A"), Job("j", s_one, share: "A", at: 1));
        cluster.Decide(At(2));
        WaitExplanation why = cluster.Explain("j", At(2))!;
        Assert.True(why.IsHeldByReservation);
        Assert.Contains("computeReservation", Assert.Single(why.Cures).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_NoCapacity_OffersAnotherFamily()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("j", s_one));
        cluster.Decide(At(0));
        cluster.Refuse(5).Decide(At(5));
        WaitExplanation why = cluster.Explain("j", At(6))!;
        Assert.Equal((BlockedCause.InsufficientCapacity, Verdict.NoCapacity), (why.Cause!.Value, why.Environments[0].Verdict));
        Assert.Contains(why.Cures, cure => cure.Change is AddType { Type.Family: not "m5" });
    }

    [Fact]
    public void Explain_Nothing_ForJobsThatDoNotWait()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one).Jobs(Job("a", s_one));
        cluster.Decide(At(0));
        Assert.Null(cluster.Explain("a", At(1)));
        Assert.Null(cluster.Explain("unknown", At(1)));
    }

    [Fact]
    public void Explain_Any_LeavesTheClusterAsItIs()
    {
        Cluster cluster = New(Fleet("ce", 4, "m5.large"))
            .With(Queue("q", "ce")).Jobs([.. Enumerable.Range(0, 20).Select(i => Job($"j{i}", s_one, at: i))]);
        cluster.Decide(At(30));
        ClusterSnapshot before = cluster.Snapshot(At(31));
        cluster.Explain("j9", At(31));
        ClusterSnapshot after = cluster.Snapshot(At(31));
        Assert.Equal(
            before.Jobs.Select(job => (job.Request.Id, job.Environment)), after.Jobs.Select(job => (job.Request.Id, job.Environment)));
        Assert.Equal(before.Instances, after.Instances);
        LedgerCheck.Check(cluster);
    }
}

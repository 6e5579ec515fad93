using CsCheck;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Deciding;

public sealed class SnapshotTests
{
    // The incremental state and one built anew from the plain data place the same jobs: nothing that matters is only in the increments.
    [Fact]
    public void From_AnyMoment_PlacesTheSameJobs() => Workloads.Any.Sample(
        world =>
        {
            Cluster cluster = world.Build();
            new Simulator(cluster, Start).Rehearse(world.Jobs, TimeSpan.FromMinutes(50));
            DateTimeOffset now = At(3000);
            ClusterSnapshot snapshot = cluster.Snapshot(now);
            Cluster copy = Cluster.From(snapshot, now, Tables.Types, Tables.Prices);
            LedgerCheck.Check(copy);
            Assert.Equal(Ids(cluster.Decide(now)), Ids(copy.Decide(now)));
            // Deciding on plain data changes nothing: it can be asked again.
            Plan once = snapshot.Decide(now, Tables.Types, Tables.Prices);
            Plan twice = snapshot.Decide(now, Tables.Types, Tables.Prices);
            Assert.Equal((once.Placements, once.Launches), (twice.Placements, twice.Launches),
                (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));
        }, iter: 200);

    [Fact]
    public void From_MoreThanAnInstanceHolds_IsRefused()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce"));
        InstanceKey key = cluster.AddInstance("ce", Amount.Of(1, 1024), Start);
        ClusterSnapshot snapshot = cluster.Snapshot(Start) with
        {
            Jobs = [new JobSnapshot(Job("a", Amount.Of(2, 512)), "ce", [key], Start)],
        };
        Assert.Throws<ArgumentException>(() => Cluster.From(snapshot, Start, Tables.Types, Tables.Prices));
    }

    private static string[] Ids(Plan plan) => [.. plan.Placements.Select(one => one.JobId).Order(StringComparer.Ordinal)];
}

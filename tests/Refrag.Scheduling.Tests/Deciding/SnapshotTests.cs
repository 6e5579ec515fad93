using CsCheck;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;
using Refrag.Scheduling.Tests.Cases;
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

    // Without that it ran a job and since when it is idle, it would have another delay, from now on.
    [Theory]
    [InlineData(600, 601, "0 go, 1 stay")]
    [InlineData(600, 602, "1 go, 0 stay")]
    [InlineData(null, 100_000, "0 go, 1 stay")]
    public void From_AnIdleInstance_KeepsTheTimeOfItsEnd(int? delay, int at, string expected)
    {
        TimeSpan stays = delay is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        Cluster cluster = New(Fleet("ce", 4, "m5.large") with { ScaleDownDelay = stays }).With(Queue("q", "ce"));
        cluster.Jobs(Job("a", Amount.Of(1, 1024))).Ready();
        Assert.Equal("a@ce", cluster.Starts(1));
        Assert.Equal("0 go, 1 stay", cluster.End("a", 2).Terminates(200));
        Assert.Equal(expected, Cluster.From(cluster.Snapshot(At(250)), At(250), Tables.Types, Tables.Prices).Terminates(at));
    }

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

using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Bench.Scheduling;

internal static class Worlds
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static InstanceCatalogue Types { get; } = InstanceCatalogue.Load();

    public static PriceTable Prices { get; } = PriceTable.Load();

    public static Cluster Full(int waiting, int instances, bool isFair)
    {
        var cluster = new Cluster(Types, Prices);
        cluster.SetEnvironment(new ComputeEnvironment { Name = "ce", Kind = ComputeEnvironmentKind.Unmanaged });
        cluster.SetQueue(new JobQueue { Name = "q", Environments = ["ce"], FairShare = isFair ? new FairSharePolicy() : null });
        for (int i = 0; i < instances; i++) cluster.AddInstance("ce", Amount.Of(32, 120_000, i % 4 == 0 ? 4 : 0), Start);
        // First what fills every instance, in sizes that leave rooms of many kinds, then what waits.
        int running = instances * 6;
        for (int i = 0; i < running + waiting; i++) cluster.AddJob(Job(i, isFair), Start);
        cluster.Decide(Start, new DecideLimits(int.MaxValue));
        return cluster;
    }

    public static JobRequest Job(int i, bool isFair) => new()
    {
        Id = $"job-{i:d8}",
        Queue = "q",
        SubmittedAt = Start.AddMilliseconds(i),
        Requirement = new Requirement { Amount = Amount.Of(1 + (i % 7), 1024 * (1 + (i % 13)), i % 11 == 0 ? 1 : 0) },
        ShareIdentifier = isFair ? $"share{i % 50}" : "",
    };
}

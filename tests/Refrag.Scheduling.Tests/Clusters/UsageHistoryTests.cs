using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Clusters;

public sealed class UsageHistoryTests
{
    // The same mean, whether it was kept up while the jobs ran or is worked out from when they ran.
    [Fact]
    public void Shares_OfWhatRan_AreThoseOfAClusterThatSawIt()
    {
        var policy = new FairSharePolicy { ShareDecay = TimeSpan.FromSeconds(300) };
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce") with { FairShare = policy });
        cluster.AddInstance("ce", Amount.Of(16, 65536), Start);
        cluster.AddJob(Job("a", Amount.Of(4, 1024), share: "x"), At(0));
        cluster.AddJob(Job("b", Amount.Of(2, 1024), share: "y"), At(0));
        Assert.Equal(2, cluster.Decide(At(0)).Placements.Count);
        cluster.RemoveJob("a", At(100));
        cluster.RemoveJob("b", At(250));
        ShareSnapshot[] seen = [.. cluster.Snapshot(At(400)).Shares.OrderBy(share => share.Identifier, StringComparer.Ordinal)];
        ShareSnapshot[] worked = [.. UsageHistory.Shares("q", policy, [new PastUse("y", 2000, At(0), At(250)), new PastUse("x", 4000, At(0), At(100))], At(400))];
        Assert.Equal(seen.Select(share => share.Identifier), worked.Select(share => share.Identifier));
        double[] now = [.. seen.Select(share => Mean(share, policy, At(400)))];
        Assert.All(worked.Zip(now), pair => Assert.Equal(pair.Second, pair.First.Average, 6));
        Assert.Equal([At(100), At(250)], worked.Select(share => share.LastSeen!.Value));
    }

    private static double Mean(ShareSnapshot share, FairSharePolicy policy, DateTimeOffset at) =>
        share.Average * Math.Pow(1 - (1 / policy.ShareDecay.TotalMilliseconds), (at - share.At).TotalMilliseconds);
}

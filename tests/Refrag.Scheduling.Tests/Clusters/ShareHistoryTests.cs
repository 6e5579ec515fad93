using CsCheck;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Tests.Cases;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Clusters;

public sealed class ShareHistoryTests
{
    private static readonly FairSharePolicy s_policy = new() { ShareDecay = TimeSpan.FromSeconds(600) };

    // What a share has used is the same whether it was counted as it happened, or from the record afterwards.
    [Fact]
    public void Of_WhatRan_IsWhatTheClusterCounted() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 2000], Gen.Int[1, 8], Gen.Bool).Array[1, 12].Sample(runs =>
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce") with { FairShare = s_policy });
        cluster.AddInstance("ce", Amount.Of(200, 100_000), Start);
        List<(int At, Action Do)> steps = [];
        for (int i = 0; i < runs.Length; i++)
        {
            (int start, int length, int vCpus, bool isOther) = runs[i];
            string id = $"j{i}";
            steps.Add(
                (start, () =>
                    cluster.Jobs(Job(id, Amount.Of(vCpus, 100)) with { ShareIdentifier = Share(isOther), SubmittedAt = At(start) })
                        .Decide(At(start))));
            steps.Add((start + length, () => cluster.RemoveJob(id, At(start + length))));
        }
        foreach ((_, Action step) in steps.OrderBy(step => step.At)) step();
        ShareSnapshot[] counted = [.. cluster.Snapshot(At(3500)).Shares.OrderBy(share => share.Identifier, StringComparer.Ordinal)];
        IReadOnlyList<ShareSnapshot> recorded = ShareHistory.Of(
            "q", s_policy, runs.Select(run => new PastRun(Share(run.Item4), run.Item3 * 1000, At(run.Item1), At(run.Item1 + run.Item2))),
            At(3500));
        Assert.Equal(
            counted.Select(share => (share.Identifier, share.LastSeen)), recorded.Select(share => (share.Identifier, share.LastSeen)));
        for (int i = 0; i < counted.Length; i++) Assert.Equal(counted[i].Average, recorded[i].Average, precision: 6);
    });

    private static string Share(bool isOther) => isOther ? "b" : "a";
}

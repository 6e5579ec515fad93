using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

internal static class FairShareCases
{
    private static readonly Amount s_one = Amount.Of(1, 1024);

    public static SchedulingCase[] All { get; } =
    [
        new("fair share: the share with the lowest usage goes first", "UG share-identifiers", "b1@ce", () =>
        {
            Cluster cluster = Room(1, new()).Jobs(Of("a1", "A"), Of("a2", "A", 1), Of("b1", "B", 2));
            cluster.Starts(3);
            return cluster.End("a1", 100).Starts(100);
        }),
        new("fair share: all vCPUs go to the only share", "UG scheduling-policies", "a1@ce a2@ce a3@ce",
            () => Room(3, new()).Jobs(Many("A", 3)).Starts(9)),
        new("fair share: equal shares without weights", "UG share-identifiers", "A 6 B 6", () => Count(12, new(), "A", "B")),
        new("fair share: 1/8 of the weight gets 8 times as much", "API ShareAttributes", "A 2 B 16",
            () => Count(18, Weights(("B", 0.125m)), "A", "B")),
        new("fair share: a weight of 2 gets half as much", "API ShareAttributes", "A 8 B 4", () => Count(12, Weights(("B", 2)), "A", "B")),
        new("fair share: weights 1, 2 and 4 share by 4, 2 and 1", "API ShareAttributes", "A 8 B 4 C 2",
            () => Count(14, Weights(("A", 1), ("B", 2), ("C", 4)), "A", "B", "C")),
        new("fair share: a share that is not listed has weight 1", "API FairsharePolicy", "A 6 B 6",
            () => Count(12, Weights(("A", 1)), "A", "B")),
        new("fair share: a prefix with an asterisk covers its shares", "API ShareAttributes", "UserA1 3 UserA2 3 UserB 6",
            () => Count(12, Weights(("UserA*", 2)), "UserA1", "UserA2", "UserB")),
        new("fair share: higher scheduling priority first within a share", "UG share-identifiers", "a2@ce",
            () => Room(1, new()).Jobs(Of("a1", "A"), Of("a2", "A", 1) with { SchedulingPriority = 5 }).Starts(2)),
        new("fair share: same priority by submission", "UG share-identifiers", "a1@ce",
            () => Room(1, new()).Jobs(Of("a1", "A"), Of("a2", "A", 1)).Starts(2)),
        new("fair share: priority does not count between shares", "API SubmitJob", "b1@ce", () =>
        {
            Cluster cluster = Room(1, new()).Jobs(Of("a1", "A"));
            cluster.Starts();
            return cluster.Jobs(Of("a2", "A", 1) with { SchedulingPriority = 9999 }, Of("b1", "B", 2)).End("a1", 50).Starts(50);
        }),
        new("fair share: usage is forgotten with time", "UG fair-share-scheduling", "a2@ce", () =>
        {
            // A ran long ago, B just now: A is next, though it has run longer in all.
            Cluster cluster = Room(1, new()).Jobs(Of("a1", "A"));
            cluster.Starts();
            cluster.End("a1", 5000).Jobs(Of("b1", "B", 20_000)).Starts(20_000);
            return cluster.End("b1", 21_000).Jobs(Of("b2", "B", 21_000), Of("a2", "A", 21_000)).Starts(21_000);
        }),
        new("fair share: decay of 0 seconds means 600", "API FairsharePolicy", "600000",
            () => $"{new FairSharePolicy().DecayMilliseconds}"),
        new("fair share: usage counts within one queue only", "UG share-identifiers", "x@ce", () =>
        {
            Cluster cluster = New(Hosts("ce")).With(
                Queue("q", "ce") with { FairShare = new() }, Queue("other", "ce") with { FairShare = new(), Priority = 1 }).Host(s_one);
            cluster.Jobs(Job("o", s_one, "other", share: "A")).Starts();
            return cluster.End("o", 500).Jobs(Job("x", s_one, share: "A", at: 500), Job("y", s_one, share: "B", at: 501)).Starts(502);
        }),
        new("reservation: 50 keeps half with one active share", "API FairsharePolicy", "8", () => Reserved(50, "A")),
        new("reservation: 50 keeps a quarter with two", "API FairsharePolicy", "12", () => Reserved(50, "A", "B")),
        new("reservation: 50 keeps an eighth with three", "API FairsharePolicy", "14", () => Reserved(50, "A", "B", "C")),
        new("reservation: 25 keeps 6.25 % with two", "API FairsharePolicy", "15", () => Reserved(25, "A", "B")),
        new("reservation: 0 keeps nothing", "API FairsharePolicy", "16", () => Reserved(0, "A")),
        new("reservation: a new share makes it smaller", "API FairsharePolicy", "b1@ce b2@ce b3@ce b4@ce", () =>
        {
            Cluster cluster = Room(16, new() { ComputeReservation = 50 }).Jobs(Many("A", 20));
            cluster.Starts(30);
            return cluster.Jobs(Many("B", 20)).Starts(31);
        }),
        new("reservation: a share is active until the decay is over", "UG fair-share-scheduling", "12 then 8", () =>
        {
            Cluster cluster = Room(16, new() { ComputeReservation = 50 }).Jobs(Of("b1", "B"));
            cluster.Starts();
            cluster.End("b1", 10).Jobs(Many("A", 30));
            int soon = cluster.Decide(At(100)).Placements.Count;
            foreach (string id in Many("A", 12).Select(job => job.Id)) cluster.End(id, 2000);
            return $"{soon} then {cluster.Decide(At(2000)).Placements.Count}";
        }),
        new("reservation: a large job alone has an instance where requests are counted", "assumed: it would wait forever",
            "1xm5.4xlarge@ce, a@ce, ", () =>
            {
                Cluster cluster = Halved(Fleet("ce", 16, "m5.4xlarge") with { CountsRequests = true })
                    .Jobs(Job("a", Amount.Of(10, 1024), share: "A"), Job("b", Amount.Of(6, 1024), share: "A", at: 1));
                return $"{cluster.Launches(1)}, {cluster.Up(2).Starts(2)}, {cluster.Launches(3)}";
            }),
        new("reservation: a large job alone has an instance of the best type", "assumed: it would wait forever", "1xm5.4xlarge@ce",
            () => Halved(Fleet("ce", 16, "m5.4xlarge") with { Strategy = AllocationStrategy.BestFit })
                .Jobs(Job("a", Amount.Of(10, 1024), share: "A")).Launches()),
        new("reservation: a large multi-node job alone has its instances", "assumed: it would wait forever", "2xm5.2xlarge@ce",
            () => Halved(Fleet("ce", 16, "m5.2xlarge")).Jobs(Job("a", Amount.Of(8, 1024), share: "A", nodes: 2)).Launches()),
        new("snapshot: fair share by usage and priority", "API GetJobQueueSnapshot", "a1 b1 a2 b2",
            () => string.Join(
                ' ', Room(1, new()).Jobs(Of("a1", "A"), Of("a2", "A", 1), Of("b1", "B", 2), Of("b2", "B", 3)).Front("q", At(4)))),
        new("a queue cannot change to fair share", "API UpdateJobQueue", "refused", () =>
        {
            Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce"));
            return Assert.Throws<InvalidOperationException>(() => cluster.SetQueue(Queue("q", "ce") with { FairShare = new() })) is not null
                ? "refused"
                : "";
        }),
    ];

    private static Cluster Room(int vCpus, FairSharePolicy policy) =>
        New(Hosts("ce")).With(Queue("q", "ce") with { FairShare = policy }).Host(Amount.Of(vCpus, 200_000));

    // One share may have half of it while there is no other.
    private static Cluster Halved(ComputeEnvironment environment) =>
        New(environment).With(Queue("q", environment.Name) with { FairShare = new() { ComputeReservation = 50 } });

    private static FairSharePolicy Weights(params (string Share, decimal Factor)[] weights) =>
        new() { Shares = [.. weights.Select(one => new ShareWeight(one.Share, one.Factor))] };

    private static JobRequest Of(string id, string share, double at = 0) => Job(id, s_one, at: at, share: share);

    private static JobRequest[] Many(string share, int count) =>
        [.. Enumerable.Range(1, count).Select(i => Of(share.Length == 1 ? $"{share.ToLowerInvariant()}{i}" : $"{share}-{i}", share, i))];

    // How many vCPUs each share gets of an empty cluster with more jobs than room.
    private static string Count(int vCpus, FairSharePolicy policy, params string[] shares)
    {
        Cluster cluster = Room(vCpus, policy);
        foreach (string share in shares) cluster.Jobs(Many(share, vCpus));
        int placed = cluster.Decide(At(100)).Placements.Count;
        Dictionary<string, int> running = cluster.JobsById.Values.Where(job => job.Status is SchedulingState.Placed)
            .GroupBy(job => job.Request.ShareIdentifier).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(placed, running.Values.Sum());
        return string.Join(' ', shares.Select(share => $"{share} {running.GetValueOrDefault(share)}"));
    }

    private static string Reserved(int reservation, params string[] shares)
    {
        Cluster cluster = Room(16, new() { ComputeReservation = reservation });
        foreach (string share in shares) cluster.Jobs(Many(share, 20));
        return $"{cluster.Decide(At(100)).Placements.Count}";
    }
}

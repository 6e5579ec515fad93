using Refrag.Scheduling.QuotaShares;
using Refrag.Scheduling.Tests.QuotaShares;
using static Refrag.Scheduling.Tests.QuotaShares.QuotaWorld;

namespace Refrag.Scheduling.Tests.Cases;

/// <summary>Told: +a starts, -a&gt;b is preempted so that b's share gets its own back, -a^b is displaced by b of its own share, a:Cause waits.</summary>
internal static class QuotaCases
{
    private const QuotaSharing Lend = QuotaSharing.Lend;
    private const QuotaSharing Borrow = QuotaSharing.LendAndBorrow;
    private const string Other = "ml.g5.xlarge";

    public static SchedulingCase[] All { get; } =
    [
        new("quota: a share uses its capacity limit and no more", "API QuotaShareCapacityLimit", "+a +b c:ShareFull",
            () => Of(8, Share("x", 2)).Submit("a", "x").Submit("b", "x").Submit("c", "x").Told()),
        new("quota: each unit has its own limit", "API QuotaShareCapacityLimit", "+a +b c:ShareFull", () =>
        {
            var limits = new Dictionary<string, int> { [Unit] = 1, [Other] = 1 };
            return new QuotaWorld(limits, new QuotaShare { Name = "x", Limits = limits }).Submit("a", "x").Submit("b", "x", unit: Other).Submit("c", "x", unit: Other).Told();
        }),
        new("quota: an instance type that the environment does not name waits", "API CapacityLimit", "a:NoEnvironmentLimit", () => Of(8, Share("x", 8)).Submit("a", "x", unit: Other).Told()),
        new("quota: the environment's limit holds for all shares together", "API CapacityLimit", "+a b:EnvironmentFull",
            () => Of(3, Share("x", 2), Share("y", 2)).Submit("a", "x", 2).Submit("b", "y", 2).Told()),
        new("quota: an instance type that the share does not name waits", "assumed: a share has nothing of it, and a percentage of nothing to borrow", "a:NoShareLimit", () =>
            new QuotaWorld(new Dictionary<string, int> { [Unit] = 4, [Other] = 4 }, Share("x", 4, Borrow)).Submit("a", "x", unit: Other).Told()),
        new("quota: a job larger than its share can ever be waits and says so", "API QuotaShareCapacityLimit", "a:TooLarge", () => Of(8, Share("x", 2), Share("y", 6, Lend)).Submit("a", "x", 3).Told()),
        new("quota: a job whose share is gone waits", "assumed: nobody can say what it may use", "a:NoShare", () => Of(8).Submit("a", "x").Told()),

        new("quota: RESERVE lends nothing", "UG quota-shares", "+a b:NothingLent", () => Of(4, Share("x", 2), Share("y", 2, Borrow)).Submit("a", "y", 2).Submit("b", "y", 2).Told()),
        new("quota: LEND does not borrow", "UG quota-shares", "+a b:ShareFull", () => Of(4, Share("x", 2, Lend), Share("y", 2, Lend)).Submit("a", "y", 2).Submit("b", "y", 2).Told()),
        new("quota: LEND_AND_BORROW borrows what LEND has idle", "UG quota-shares", "+a +b", () => Of(4, Share("x", 2, Lend), Share("y", 2, Borrow)).Submit("a", "y", 2).Submit("b", "y", 2).Told()),
        new("quota: LEND_AND_BORROW lends too", "UG quota-shares", "+a +b", () => Of(4, Share("x", 2, Borrow), Share("y", 2, Borrow)).Submit("a", "y", 2).Submit("b", "y", 2).Told()),
        new("quota: what a lender uses itself is not lent", "UG quota-shares", "+u +a b:NothingLent",
            () => Of(4, Share("x", 2, Lend), Share("y", 2, Borrow)).Submit("u", "x").Submit("a", "y", 2).Submit("b", "y", 2).Told()),
        new("quota: a borrow limit of 50 allows half of the own capacity more", "API QuotaShareResourceSharingConfiguration", "+a +b c:BorrowLimit",
            () => Of(10, Share("x", 8, Lend), Share("y", 2, Borrow, borrow: 50)).Submit("a", "y", 2).Submit("b", "y").Submit("c", "y").Told()),
        new("quota: a borrow limit of 200 allows twice the own capacity more", "API QuotaShareResourceSharingConfiguration", "+a b:BorrowLimit",
            () => Of(20, Share("x", 8, Lend), Share("y", 2, Borrow, borrow: 200)).Submit("a", "y", 6).Submit("b", "y").Told()),
        new("quota: without a borrow limit all that is idle can be borrowed", "API QuotaShareResourceSharingConfiguration", "+a", () => Of(10, Share("x", 8, Lend), Share("y", 2, Borrow)).Submit("a", "y", 10).Told()),
        new("quota: capacity that belongs to no share is not borrowed", "assumed: a share borrows from other shares", "a:NothingLent", () => Of(10, Share("y", 2, Borrow)).Submit("a", "y", 3).Told()),
        new("quota: idle capacity goes to whoever came first, whichever share", "API QuotaSharePolicy", "+a b:NothingLent",
            () => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow), Share("z", 0, Borrow)).Submit("a", "z", 3).Submit("b", "y", 3).Told()),
        new("quota: a share's own comes before what others would borrow", "assumed: else it were lent to be taken back at once", "+b a:NothingLent",
            () => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow)).Submit("a", "y", 4).Submit("b", "x", 4).Told()),
        new("quota: what a share's own first job waits for is not lent", "assumed: else small loans would keep a large job out for ever", "+u b:NothingLent", () =>
        {
            QuotaWorld world = Of(4, Share("x", 4), Share("y", 0, Borrow)).Submit("u", "x", 2).Ran();
            return $"+u {world.Set(Share("x", 4, Lend)).Submit("w", "x", 4).Submit("b", "y", 2).Told().Replace("w:ShareFull ", "", StringComparison.Ordinal)}";
        }),

        new("quota: the share takes back what it has lent when its job arrives", "UG preemption", "-a>b b:Preempting", () => Lent().Submit("b", "x", 4).Told(1)),
        new("quota: its job starts when the borrower has ended", "UG preemption", "+b a:NothingLent", () => Lent().Submit("b", "x", 4).Ran(1).Stopped().Told(2)),
        new("quota: nothing else takes the room that is being made", "assumed: else nothing would come of the preemption", "b:Preempting c:NothingLent",
            () => Lent().Submit("b", "x", 4).Ran(1).Submit("c", "z").Told(2)),
        new("quota: nobody is preempted twice for one job", "assumed: the room is being made already", "b:Preempting", () => Lent().Submit("b", "x", 4).Ran(1).Told(2)),
        new("quota: jobs within their own share's capacity are never preempted for another share", "UG preemption", "b:EnvironmentFull",
            () => Of(4, Share("x", 4, Lend), Share("y", 4, Lend)).Submit("a", "y", 4).Ran().Submit("b", "x").Told(1)),
        new("quota: no more is preempted than is needed", "assumed: least harm", "-b>c c:Preempting",
            () => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow)).Submit("a", "y", 2).Submit("b", "y", 2).Ran().Submit("c", "x", 2).Told(1)),
        new("quota: of the borrowers the lowest priority is preempted first", "UG preemption", "-a>c c:Preempting",
            () => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow)).Submit("a", "y", 2, priority: 1).Submit("b", "y", 2, priority: 5).Ran().Submit("c", "x", 2).Told(1)),
        new("quota: of equal priority what has run for the shortest time", "assumed: AWS looks at durations by a heuristic of its own", "-b>c c:Preempting",
            () => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow)).Submit("a", "y", 2).Ran().Submit("b", "y", 2).Ran(5).Submit("c", "x", 2).Told(9)),
        new("quota: nobody is preempted where that would not be enough", "assumed: least harm", "c:TooLarge", () => Lent().Submit("c", "x", 5).Told(1)),
        new("quota: nobody is preempted so that a share can borrow", "UG preemption", "c:NothingLent", () => Lent().Submit("c", "z", 2, priority: 99).Told(1)),
        new("quota: lowered limits make jobs of RESERVE shares eligible", "UG quota-shares", "-a>b b:Preempting",
            () => Of(4, Share("x", 0), Share("y", 4)).Submit("a", "y", 4).Ran().Set(Share("y", 1)).Set(Share("x", 3)).Submit("b", "x", 3).Told(1)),
        new("quota: lowered limits alone preempt nobody", "UG preemption", "", () => Of(4, Share("y", 4)).Submit("a", "y", 4).Ran().Set(Share("y", 1)).Told(1)),

        new("quota: within a share the higher priority starts first", "API UpdateServiceJob", "+b a:ShareFull", () => Of(4, Share("x", 1)).Submit("a", "x").Submit("b", "x", priority: 1).Told()),
        new("quota: priorities do not count between shares", "API UpdateServiceJob", "+a b:NothingLent",
            () => Of(2, Share("x", 2, Lend), Share("y", 0, Borrow), Share("z", 0, Borrow)).Submit("a", "y", 2).Submit("b", "z", 2, priority: 99).Told()),
        new("quota: the first of a share holds up those behind it", "assumed: a share is a virtual queue", "+a b:ShareFull", () => Of(4, Share("x", 2)).Submit("a", "x").Submit("b", "x", 2).Submit("c", "x").Told()),
        new("quota: with in-share preemption a higher priority displaces a lower", "UG preemption", "-a^b b:Preempting",
            () => Of(4, Share("x", 2, preempts: true)).Submit("a", "x", 2).Ran().Submit("b", "x", 2, priority: 1).Told(1)),
        new("quota: and starts when that has ended", "UG preemption", "+b a:ShareFull",
            () => Of(4, Share("x", 2, preempts: true)).Submit("a", "x", 2).Ran().Submit("b", "x", 2, priority: 1).Ran(1).Stopped().Told(2)),
        new("quota: without in-share preemption it waits", "UG create-quota-shares", "b:ShareFull", () => Of(4, Share("x", 2)).Submit("a", "x", 2).Ran().Submit("b", "x", 2, priority: 1).Told(1)),
        new("quota: equal priorities do not displace each other", "UG preemption", "b:ShareFull", () => Of(4, Share("x", 2, preempts: true)).Submit("a", "x", 2, 3).Ran().Submit("b", "x", 2, 3).Told(1)),
        new("quota: raising the priority of a waiting job displaces", "UG preemption", "-a^b b:Preempting",
            () => Of(4, Share("x", 2, preempts: true)).Submit("a", "x", 2, 3).Ran().Submit("b", "x", 2, 3).Ran(1).Prioritize("b", 4).Told(2)),
        new("quota: lowering the priority of a running job displaces it", "UG preemption", "-a^b b:Preempting",
            () => Of(4, Share("x", 2, preempts: true)).Submit("a", "x", 2, 3).Ran().Submit("b", "x", 2, 3).Ran(1).Prioritize("a", 2).Told(2)),
        new("quota: in-share preemption stays within the share", "UG preemption", "b:ShareFull",
            () => Of(4, Share("x", 2, preempts: true), Share("y", 2)).Submit("a", "y", 2).Submit("u", "x", 2, priority: 9).Ran().Submit("b", "x", 2, priority: 9).Told(1)),
        new("quota: idle capacity is borrowed before anybody is displaced", "assumed: least harm", "+b",
            () => Of(4, Share("x", 2, Borrow, preempts: true), Share("y", 2, Lend)).Submit("a", "x", 2).Ran().Submit("b", "x", 2, priority: 1).Told(1)),
        new("quota: what is displaced from borrowed capacity is displaced once", "assumed: the room is being made already", "b:Preempting",
            () => Of(4, Share("x", 2, Borrow, preempts: true), Share("y", 2, Lend)).Submit("a", "x", 2).Submit("c", "x", 2).Ran().Submit("b", "x", 2, priority: 1).Ran(1).Told(2)),
    ];

    // y has borrowed all that x has; z could borrow.
    private static QuotaWorld Lent() => Of(4, Share("x", 4, Lend), Share("y", 0, Borrow), Share("z", 0, Borrow)).Submit("a", "y", 4).Ran();
}

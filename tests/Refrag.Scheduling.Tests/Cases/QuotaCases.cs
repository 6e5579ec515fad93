using Refrag.Scheduling.QuotaShares;
using static Refrag.Scheduling.Tests.QuotaShares.QuotaPlay;

namespace Refrag.Scheduling.Tests.Cases;

/// <summary>Quota shares of service jobs. An answer reads: what starts; what is preempted for what; what waits for what.</summary>
internal static class QuotaCases
{
    public static SchedulingCase[] All { get; } = [.. Order, .. Lending, .. Preempting];

    private static SchedulingCase[] Order =>
    [
        new("quota: a share's jobs start up to its limit", "API QuotaShareCapacityLimit", "start a b; c: QuotaUsed",
            () => Decide(8, [Share("s", 4)], wait: [Job("a", "s", 2), Job("b", "s", 2), Job("c", "s", 1)])),
        new("quota: each capacity unit counts for itself", "API QuotaShareCapacityLimit", "start a b", () => Decide(
            new QuotaPool(new Dictionary<string, long> { [Unit] = 1, ["ml.g5.xlarge"] = 1 }),
            [new QuotaShare("s", new Dictionary<string, long> { [Unit] = 1, ["ml.g5.xlarge"] = 1 })],
            wait: [Job("a", "s", 1), Job("b", "s", 1) with { Unit = "ml.g5.xlarge" }])),
        new("quota: a type that the environment does not limit waits for a limit", "API CapacityLimit", "a: NoLimit", () => Decide(
            new QuotaPool(new Dictionary<string, long> { [Unit] = 8 }),
            [new QuotaShare("s", new Dictionary<string, long> { ["ml.g5.xlarge"] = 1 })],
            wait: [Job("a", "s", 1) with { Unit = "ml.g5.xlarge" }])),
        new("quota: a type that the share does not name waits for a limit",
            "assumed: as in the environment, and nothing can be a percentage of nothing", "a: NoLimit", () => Decide(
            new QuotaPool(new Dictionary<string, long> { [Unit] = 8, ["ml.g5.xlarge"] = 8 }), [Borrower("s", 4)],
            wait: [Job("a", "s", 1) with { Unit = "ml.g5.xlarge" }])),
        new("quota: the environment's limit holds", "API CapacityLimit", "start a; b: EnvironmentFull",
            () => Decide(4, [Share("s", 3), Share("t", 3)], wait: [Job("a", "s", 3), Job("b", "t", 3)])),
        new("quota: a limit of all instances together holds", "API CapacityLimit", "start a; b: EnvironmentFull",
            () => Decide(new QuotaPool(new Dictionary<string, long>(), 4), [Share("s", 3), Share("t", 3)],
                wait: [Job("a", "s", 3), Job("b", "t", 3)])),
        new("quota: the higher priority goes first within a share", "API UpdateServiceJob", "start b; a: QuotaUsed",
            () => Decide(8, [Share("s", 2)], wait: [Job("a", "s", 2, 1), Job("b", "s", 2, 5)])),
        new("quota: equal priorities in the order of arrival", "API QuotaSharePolicy", "start a; b: QuotaUsed",
            () => Decide(8, [Share("s", 2)], wait: [Job("a", "s", 2), Job("b", "s", 2)])),
        new("quota: every share is considered", "UG quota-management", "start b; a: QuotaUsed",
            () => Decide(8, [Share("s", 2), Share("t", 2)], wait: [Job("a", "s", 3), Job("b", "t", 2)])),
        new("quota: a head that cannot start holds up its share", "assumed: as in queues, or a large job would never start",
            "a: QuotaUsed; b: Behind",
            () => Decide(8, [Share("s", 2)], wait: [Job("a", "s", 3), Job("b", "s", 1)])),
        new("quota: a head holds up jobs of its own unit only", "assumed: another type is no room for it", "start b; a: QuotaUsed",
            () => Decide(
            new QuotaPool(new Dictionary<string, long> { [Unit] = 8, ["ml.g5.xlarge"] = 8 }),
            [new QuotaShare("s", new Dictionary<string, long> { [Unit] = 1, ["ml.g5.xlarge"] = 1 })],
            wait: [Job("a", "s", 2), Job("b", "s", 1) with { Unit = "ml.g5.xlarge" }])),
    ];

    private static SchedulingCase[] Lending =>
    [
        new("quota: LEND_AND_BORROW takes what another share has idle", "API QuotaShareResourceSharingConfiguration", "start a",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], wait: [Job("a", "s", 8)])),
        new("quota: LEND does not borrow", "API QuotaShareResourceSharingConfiguration", "a: QuotaUsed",
            () => Decide(8, [Lender("s", 4), Lender("t", 4)], wait: [Job("a", "s", 5)])),
        new("quota: RESERVE lends nothing", "UG quota-shares", "a: NothingToBorrow",
            () => Decide(8, [Borrower("s", 4), Share("t", 4)], wait: [Job("a", "s", 5)])),
        new("quota: what is used is not lent", "UG quota-shares", "a: NothingToBorrow",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], run: [Run("r", "t", 2)], wait: [Job("a", "s", 7)])),
        new("quota: what is lent is not lent again", "UG quota-shares", "a: NothingToBorrow",
            () => Decide(12, [Borrower("s", 4), Borrower("u", 4), Lender("t", 4)], run: [Run("r", "u", 4), Run("v", "u", 3)],
                wait: [Job("a", "s", 6)])),
        new("quota: 50 percent of 4 is 2", "API QuotaShareResourceSharingConfiguration", "start a; b: BorrowLimit",
            () => Decide(20, [Borrower("s", 4, 50), Lender("t", 8)], wait: [Job("a", "s", 6), Job("b", "s", 1)])),
        new("quota: 200 percent borrows twice its own", "API QuotaShareResourceSharingConfiguration", "start a; b: BorrowLimit",
            () => Decide(20, [Borrower("s", 2, 200), Lender("t", 8)], wait: [Job("a", "s", 6), Job("b", "s", 1)])),
        new("quota: 0 percent borrows nothing", "API QuotaShareResourceSharingConfiguration", "a: BorrowLimit",
            () => Decide(8, [Borrower("s", 4, 0), Lender("t", 4)], wait: [Job("a", "s", 5)])),
        new("quota: parts of an instance are not borrowed", "assumed: instances are whole", "a: BorrowLimit",
            () => Decide(8, [Borrower("s", 3, 50), Lender("t", 4)], wait: [Job("a", "s", 5)])),
        new("quota: idle capacity goes to borrowers in the order of arrival", "API QuotaSharePolicy", "start a; b: NothingToBorrow",
            () => Decide(4, [Borrower("s", 0), Borrower("u", 0), Lender("t", 4)], wait: [Job("a", "u", 3), Job("b", "s", 3)])),
        new("quota: owners go before borrowers that came earlier", "assumed: else the loan would be taken back at once",
            "start b; a: NothingToBorrow",
            () => Decide(4, [Borrower("s", 0), Lender("t", 4)], wait: [Job("a", "s", 2), Job("b", "t", 3)])),
        new("quota: what belongs to no share is not borrowed", "assumed: shares borrow from shares", "a: NothingToBorrow",
            () => Decide(20, [Borrower("s", 4), Share("t", 4)], wait: [Job("a", "s", 5)])),
        new("quota: where more was given out than there is, owners take each other's reserve", "assumed: no job could start otherwise",
            "start a; b: EnvironmentFull",
            () => Decide(4, [Share("s", 4), Share("t", 4)], wait: [Job("a", "s", 3), Job("b", "t", 3)])),
    ];

    private static SchedulingCase[] Preempting =>
    [
        new("quota: an owner takes back what was lent", "UG preemption", "preempt r for a; a: JobsEnding",
            () => Decide(
                8, [Borrower("s", 4), Lender("t", 4)], run: [Run("o", "s", 4, at: 1), Run("r", "s", 4, at: 2)], wait: [Job("a", "t", 4)])),
        new("quota: it starts when they have ended", "UG preemption", "start a",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], run: [Run("o", "s", 4)], wait: [Job("a", "t", 4)])),
        new("quota: no other job is stopped while they end", "UG preemption", "a: JobsEnding",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], run: [Run("o", "s", 4), Run("r", "s", 4) with { IsEnding = true }],
                wait: [Job("a", "t", 4)])),
        new("quota: no share borrows what an owner waits for", "assumed: else it would be taken back at once",
            "a: JobsEnding; b: NothingToBorrow",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], run: [Run("o", "s", 4), Run("r", "s", 2) with { IsEnding = true }],
                wait: [Job("a", "t", 4), Job("b", "s", 2)])),
        new("quota: no job is stopped where there is room", "UG preemption", "start a",
            () => Decide(8, [Borrower("s", 4), Lender("t", 4)], run: [Run("o", "s", 4), Run("r", "s", 2)], wait: [Job("a", "t", 2)])),
        new("quota: no job is stopped where that is not enough", "assumed: a stopped job would be lost for nothing", "a: EnvironmentFull",
            () => Decide(4, [Borrower("s", 1), Lender("t", 5)], run: [Run("o", "s", 2)], wait: [Job("a", "t", 5)])),
        new("quota: a job that must borrow itself takes nothing back", "UG preemption", "a: NothingToBorrow",
            () => Decide(8, [Borrower("s", 4), Borrower("t", 4)], run: [Run("r", "s", 6)], wait: [Job("a", "t", 6)])),
        new("quota: a reserve comes back too", "UG preemption", "preempt r for a; a: JobsEnding",
            () => Decide(4, [Borrower("s", 0), Lender("l", 2), Share("t", 2)], run: [Run("r", "s", 4)], wait: [Job("a", "t", 2)])),
        new("quota: above a limit that was lowered, whatever the strategy", "UG quota-shares", "preempt r for a; a: JobsEnding",
            () => Decide(
                4, [Share("s", 1), Share("t", 2)], run: [Run("o", "s", 1, at: 1), Run("r", "s", 3, at: 2)], wait: [Job("a", "t", 2)])),
        new("quota: a limit that was lowered stops no job by itself", "UG preemption", "",
            () => Decide(4, [Share("s", 1), Share("t", 2)], run: [Run("o", "s", 3)])),
        new("quota: from the share that borrows the most", "assumed: AWS weighs the borrowed instances, by a rule of its own",
            "preempt r for a; a: JobsEnding",
            () => Decide(8, [Borrower("s", 0), Borrower("u", 0), Lender("t", 8)], run: [Run("o", "u", 2), Run("r", "s", 6)],
                wait: [Job("a", "t", 2)])),
        new("quota: the lowest priority is stopped first", "assumed: AWS weighs priorities, by a rule of its own",
            "preempt r for a; a: JobsEnding",
            () => Decide(4, [Borrower("s", 0), Lender("t", 4)],
                run: [Run("o", "s", 2, priority: 9, at: 2), Run("r", "s", 2, priority: 1, at: 1)], wait: [Job("a", "t", 2)])),
        new("quota: of equal priorities the last that started", "assumed: AWS weighs durations, by a rule of its own",
            "preempt r for a; a: JobsEnding",
            () => Decide(
                4, [Borrower("s", 0), Lender("t", 4)], run: [Run("o", "s", 2, at: 1), Run("r", "s", 2, at: 2)], wait: [Job("a", "t", 2)])),
        new("quota: no more are stopped than needed", "assumed: the small job came first by its age and is not needed beside the large one",
            "preempt r for a; a: JobsEnding",
            () => Decide(
                5, [Borrower("s", 0), Lender("t", 5)], run: [Run("o", "s", 1, at: 2), Run("r", "s", 4, at: 1)], wait: [Job("a", "t", 4)])),
        new("quota: a higher priority displaces a lower in its share", "UG preemption", "preempt r for a; a: JobsEnding",
            () => Decide(
                4, [Share("s", 4) with { PreemptsInShare = true }], run: [Run("r", "s", 4, priority: 1)], wait: [Job("a", "s", 2, 5)])),
        new("quota: not where in-share preemption is disabled", "API QuotaSharePreemptionConfiguration", "a: QuotaUsed",
            () => Decide(4, [Share("s", 4)], run: [Run("r", "s", 4, priority: 1)], wait: [Job("a", "s", 2, 5)])),
        new("quota: not an equal priority", "UG preemption", "a: QuotaUsed",
            () => Decide(
                4, [Share("s", 4) with { PreemptsInShare = true }], run: [Run("r", "s", 4, priority: 5)], wait: [Job("a", "s", 2, 5)])),
        new("quota: not in another share", "UG preemption", "a: QuotaUsed",
            () => Decide(8, [Share("s", 0) with { PreemptsInShare = true }, Share("t", 4)], run: [Run("r", "t", 4, priority: 1)],
                wait: [Job("a", "s", 2, 5)])),
        new("quota: not for room that is borrowed anyway", "assumed: who borrows takes what is idle", "a: NothingToBorrow",
            () => Decide(4, [Borrower("s", 0) with { PreemptsInShare = true }, Lender("t", 4)], run: [Run("r", "s", 4, priority: 1)],
                wait: [Job("a", "s", 4, 5)])),
        new("quota: no borrower takes what was made free in the share", "assumed: another would have to be displaced for the same job",
            "start b; a: NothingToBorrow", () => Decide(
            8, [Borrower("s", 4) with { PreemptsInShare = true }, Borrower("t", 4)], run: [Run("r", "s", 1, priority: 1)],
            wait: [Job("a", "t", 7), Job("b", "s", 4, 5)])),
        new("quota: it borrows before it displaces", "assumed: no job is stopped where there is room", "start a",
            () => Decide(8, [Borrower("s", 4) with { PreemptsInShare = true }, Lender("t", 4)], run: [Run("r", "s", 4, priority: 1)],
                wait: [Job("a", "s", 2, 5)])),
        new("quota: lower ones of its share, and then what was lent", "UG preemption", "preempt r x for a; a: JobsEnding",
            () => Decide(6, [Share("s", 4) with { PreemptsInShare = true }, Borrower("t", 2)],
                run: [Run("r", "s", 1, priority: 1), Run("o", "t", 2, at: 1), Run("x", "t", 3, at: 2)], wait: [Job("a", "s", 4, 5)])),
    ];
}

using CsCheck;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Scheduling.Tests.QuotaShares;

/// <summary>What must hold for any shares and any jobs.</summary>
public sealed class QuotaProperties
{
    // Added up from the jobs' side, those that are being stopped too.
    [Fact]
    public void AnyWorld_NoLimitIsExceeded() => Sample((world, _) =>
    {
        Assert.True(world.Running.Sum(one => one.Job.Quantity) <= (world.Pool.Total ?? long.MaxValue));
        foreach (string unit in QuotaWorld.Units)
        {
            Assert.True(Held(world, unit) <= world.Pool.ByUnit[unit]);
            foreach (QuotaShare share in world.Shares)
            {
                long own = share.Quota[unit];
                long most = share.Sharing is not QuotaSharing.LendAndBorrow
                    ? own
                    : share.BorrowPercent is { } percent ? own + (own * percent / 100) : long.MaxValue;
                Assert.True(Held(world, unit, share) <= most, $"{share.Name} holds {Held(world, unit, share)} of {most} {unit}");
            }
        }
    });

    // No job holds what another share reserves: whoever is within its own starts at once, or after those that borrowed have ended.
    [Fact]
    public void AnyWorld_BorrowersStayOutOfReserves() => Sample((world, plan) =>
    {
        if (!world.IsSound) return;
        foreach (string unit in QuotaWorld.Units)
        {
            long reserved = world.Shares
                .Where(share => share.Sharing is QuotaSharing.Reserve)
                .Sum(share => Math.Max(0, share.Quota[unit] - Held(world, unit, share)));
            Assert.True(Held(world, unit) + reserved <= world.Pool.ByUnit[unit]);
            Assert.DoesNotContain(plan.Waits,
                one => one.Cause is QuotaWait.EnvironmentFull && Waiting(world, one.JobId) is { } job && job.Unit == unit
                    && job.Quantity + Promised(world, unit, job.Share) <= Share(world, job).Quota[unit]);
        }
    });

    // Without overcommitment a head within its share's own runs as soon as those that must stop have stopped; no other job ends
    // meanwhile.
    [Fact]
    public void AnyWorld_OwnersGetTheirOwnBack() => Gen.Select(QuotaWorld.Any, QuotaWorld.Steps).Sample((world, steps) =>
    {
        if (!world.IsSound) return;
        foreach (var step in steps)
        {
            world.Step(step);
            world.Carry();
        }
        while (world.StopOne()) world.Carry();
        foreach (WaitingQuotaJob one in world.Carry().Waits.Where(one => one.Cause is not QuotaWait.Behind))
        {
            QuotaJob head = Waiting(world, one.JobId)!;
            Assert.True(Held(world, head.Unit, Share(world, head)) + head.Quantity > Share(world, head).Quota[head.Unit],
                $"{head} waits: {one.Cause}");
        }
    }, iter: 2000);

    [Fact]
    public void AnyWorld_SameScene_SamePlan() => Sample((world, _) =>
    {
        QuotaSnapshot snapshot = world.Snapshot;
        QuotaSnapshot shuffled = snapshot with
        {
            Shares = [.. snapshot.Shares.Reverse()],
            Running = [.. snapshot.Running.Reverse()],
            Waiting = [.. snapshot.Waiting.Reverse()],
        };
        Assert.Equal(QuotaPlay.Words(QuotaScheduler.Decide(snapshot)), QuotaPlay.Words(QuotaScheduler.Decide(shuffled)));
    });

    // Those that are stopped are enough: no other is stopped for the same job while they end.
    [Fact]
    public void AnyWorld_PreemptionForAJob_IsEnough() => Sample((world, plan) =>
    {
        if (!world.IsSound) return;
        QuotaPlan next = QuotaScheduler.Decide(world.Snapshot);
        Assert.DoesNotContain(next.Preemptions, again => plan.Preemptions.Any(one => one.ForJobId == again.ForJobId));
    });

    // With nothing new, stopping and starting come to an end.
    [Fact]
    public void AnyWorld_LeftAlone_BecomesIdle() => Gen.Select(QuotaWorld.Any, QuotaWorld.Steps).Sample((world, steps) =>
    {
        foreach (var step in steps)
        {
            world.Step(step);
            world.Carry();
        }
        int stops = 0;
        while (world.StopOne())
        {
            world.Carry();
            Assert.True(++stops < 200, "it never rests");
        }
    }, iter: 2000);

    [Fact]
    public void AnyWorld_EachWaitingJobIsNamedOnce() => Sample((world, plan) =>
        Assert.Equal(world.Snapshot.Waiting.Select(job => job.Id).Order(), plan.Waits.Select(one => one.JobId).Order()));

    private static void Sample(Action<QuotaWorld, QuotaPlan> check) => Gen.Select(QuotaWorld.Any, QuotaWorld.Steps).Sample(
        (world, steps) =>
        {
            foreach (var step in steps)
            {
                world.Step(step);
                check(world, world.Carry());
            }
        }, iter: 1000);

    private static long Held(QuotaWorld world, string unit, QuotaShare? share = null) =>
        world.Running.Where(one => one.Job.Unit == unit && (share is null || one.Job.Share == share.Name)).Sum(one => one.Job.Quantity);

    private static long Promised(QuotaWorld world, string unit, string share) =>
        world.Running.Where(one => one.Job.Unit == unit && one.Job.Share == share && !one.IsEnding).Sum(one => one.Job.Quantity);

    private static QuotaJob? Waiting(QuotaWorld world, string id) => world.Snapshot.Waiting.SingleOrDefault(job => job.Id == id);

    private static QuotaShare Share(QuotaWorld world, QuotaJob job) => world.Shares.Single(share => share.Name == job.Share);
}

using CsCheck;
using Refrag.Scheduling.QuotaShares;

namespace Refrag.Scheduling.Tests.QuotaShares;

/// <summary>What must hold for any queue with quota shares, whatever happens to it.</summary>
public sealed class QuotaProperties
{
    private static readonly string[] s_units = ["ml.m5.large", "ml.g5.xlarge"];
    private static readonly string[] s_names = ["a", "b", "c"];

    private static readonly Gen<QuotaShare[]> s_shares =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[-1, 250], Gen.Bool).Array[3].Select(all => all.Select((one, at) => new QuotaShare
        {
            Name = s_names[at],
            Limits = new Dictionary<string, int> { [s_units[0]] = one.Item1, [s_units[1]] = one.Item2 },
            Sharing = (QuotaSharing)one.Item3,
            BorrowPercent = one.Item4 < 0 ? null : one.Item4,
            PreemptsInShare = one.Item5,
        }).ToArray());

    // What happens: a submission, an end, the end of what was told to end, a new priority.
    private static readonly Gen<(int What, int Share, int Unit, int Count, int Priority)[]> s_steps =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[1, 5], Gen.Int[0, 3]).Array[1, 60];

    private static readonly Gen<(int Capacity, QuotaShare[] Shares, (int, int, int, int, int)[] Steps)> s_worlds = Gen.Select(Gen.Int[1, 20], s_shares, s_steps);

    [Fact]
    public void AnyWorld_NeverAboveTheLimitsOfEnvironmentAndShares() => s_worlds.Sample(
        one => Play(one, (world, _) =>
        {
            foreach (string unit in s_units)
            {
                Assert.InRange(Used(world.Jobs, unit), 0, one.Capacity);
                foreach (QuotaShare share in one.Shares)
                    Assert.InRange(Used(world.Jobs.Where(job => job.Share == share.Name), unit), 0, Most(share, unit, one.Capacity));
            }
        }), iter: 2000);

    // Where the environment has all that its shares have, a share's own job never waits for the environment: what is lent comes back.
    [Fact]
    public void AnyWorld_WhatAJobCouldHaveOfItsOwnShareIsStartedOrMadeFree() => s_worlds.Sample(
        one =>
        {
            int all = s_units.Max(unit => one.Shares.Sum(share => share.Limits[unit]));
            Play(one with { Capacity = Math.Max(all, 1) }, (_, plan) => Assert.DoesNotContain(plan.Waits, wait => wait.Cause is QuotaWaitCause.EnvironmentFull));
        }, iter: 2000);

    [Fact]
    public void AnyWorld_OnlyBorrowersAndLowerPrioritiesArePreempted() => s_worlds.Sample(
        one => PlayBefore(one, (before, plan) =>
        {
            foreach (QuotaPreemption preemption in plan.Preemptions)
            {
                QuotaJob victim = before.Jobs.Single(job => job.Id == preemption.JobId), winner = before.Jobs.Single(job => job.Id == preemption.ForJobId);
                Assert.Equal((QuotaJobState.Running, victim.Unit), (victim.State, winner.Unit));
                if (!preemption.IsCrossShare) Assert.True(victim.Share == winner.Share && victim.Priority < winner.Priority);
                else
                {
                    QuotaShare share = before.Shares.Single(found => found.Name == victim.Share);
                    // With what the share has been given in the same plan.
                    long held = before.Jobs.Where(job => job.Share == share.Name && job.Unit == victim.Unit && (job.State is QuotaJobState.Running || plan.Starts.Contains(job.Id))).Sum(job => job.Count);
                    Assert.True(victim.Share != winner.Share && held > share.Limits[victim.Unit]);
                }
            }
        }), iter: 2000);

    [Fact]
    public void AnyWorld_WhatIsReservedIsNeverBorrowed() => s_worlds.Sample(
        one =>
        {
            int all = s_units.Max(unit => one.Shares.Sum(share => share.Limits[unit]));
            Play(one with { Capacity = Math.Max(all, 1) }, (world, _) =>
            {
                foreach (string unit in s_units)
                {
                    int reserved = one.Shares.Where(share => share.Sharing is QuotaSharing.Reserve).Sum(share => share.Limits[unit]);
                    Assert.InRange(Used(world.Jobs.Where(job => one.Shares.Single(share => share.Name == job.Share).Sharing is not QuotaSharing.Reserve), unit), 0, all - reserved);
                }
            });
        }, iter: 1000);

    [Fact]
    public void AnyWorld_PlayedTwice_GoesTheSameWay() => s_worlds.Sample(
        one =>
        {
            List<string> first = [], second = [];
            Play(one, (_, plan) => first.Add(Text(plan)));
            Play(one, (_, plan) => second.Add(Text(plan)));
            Assert.Equal(first, second);
        }, iter: 500);

    // A decision is complete: a second look at once preempts nobody else.
    [Fact]
    public void AnyWorld_DecidedAgainAtOnce_PreemptsNobodyElse() => s_worlds.Sample(
        one => Play(one, (world, _) => Assert.Empty(world.Snapshot.Decide().Preemptions)), iter: 2000);

    private static string Text(QuotaPlan plan) => string.Join(' ', [.. plan.Starts, .. plan.Preemptions.Select(one => $"{one}"), .. plan.Waits.Select(one => $"{one}")]);

    private static int Used(IEnumerable<QuotaJob> jobs, string unit) => jobs.Where(job => job.Unit == unit && job.State is not QuotaJobState.Waiting).Sum(job => job.Count);

    private static int Most(QuotaShare share, string unit, int capacity)
    {
        int own = share.Limits[unit];
        if (share.Sharing is not QuotaSharing.LendAndBorrow) return own;
        return share.BorrowPercent is { } percent ? own + (own * percent / 100) : capacity;
    }

    private static void Play((int Capacity, QuotaShare[] Shares, (int, int, int, int, int)[] Steps) one, Action<QuotaWorld, QuotaPlan> check)
    {
        var world = new QuotaWorld(s_units.ToDictionary(unit => unit, _ => one.Capacity), one.Shares);
        for (int i = 0; i < one.Steps.Length; i++)
        {
            Step(world, i, one.Steps[i]);
            check(world, world.Go(i));
        }
    }

    private static void PlayBefore((int Capacity, QuotaShare[] Shares, (int, int, int, int, int)[] Steps) one, Action<QuotaSnapshot, QuotaPlan> check)
    {
        var world = new QuotaWorld(s_units.ToDictionary(unit => unit, _ => one.Capacity), one.Shares);
        for (int i = 0; i < one.Steps.Length; i++)
        {
            Step(world, i, one.Steps[i]);
            QuotaSnapshot before = world.Snapshot;
            check(before, world.Go(i));
        }
    }

    private static void Step(QuotaWorld world, int number, (int What, int Share, int Unit, int Count, int Priority) step)
    {
        QuotaJob[] running = [.. world.Jobs.Where(job => job.State is QuotaJobState.Running)];
        if (step.What <= 2) world.Submit($"j{number:d3}", s_names[step.Share], step.Count, step.Priority, s_units[step.Unit]);
        else if (step.What is 3) world.Stopped();
        else if (running.Length == 0) return;
        else if (step.What is 4) world.End(running[step.Count % running.Length].Id);
        else world.Prioritize(running[step.Count % running.Length].Id, step.Priority);
    }
}

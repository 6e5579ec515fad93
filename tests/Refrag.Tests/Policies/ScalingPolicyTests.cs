using CsCheck;
using Refrag.Policies;

namespace Refrag.Tests.Policies;

public sealed class ScalingPolicyTests
{
    // A Wednesday.
    private static readonly DateTimeOffset s_now = new(2026, 11, 11, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_round = TimeSpan.FromMinutes(1);

    private static readonly EnvironmentPolicy s_policy = new()
    {
        Name = "cpu",
        Environment = "cpu",
        CoolDown = TimeSpan.FromMinutes(5),
        Hysteresis = 0.2,
        Minimum = new MinimumPolicy
        {
            Least = 2,
            Most = 64,
            Depth = [new DepthStep(10, 16), new DepthStep(100, 64)],
            OldestWait = [new WaitStep(TimeSpan.FromMinutes(30), 32)],
            LowerAfter = TimeSpan.FromMinutes(15),
        },
        Maximum = new MaximumPolicy { Least = 64, Most = 256, Budget = "month" },
    };

    private static readonly EnvironmentPolicy s_minimumAlone = s_policy with { Maximum = null };

    [Theory]
    [InlineData(0, 0, 0, 2)]
    [InlineData(9, 0, 2, null)]
    [InlineData(10, 0, 2, 16)]
    [InlineData(99, 0, 16, null)]
    [InlineData(100, 0, 16, 64)]
    [InlineData(1, 29, 2, null)]
    [InlineData(1, 30, 2, 32)]
    [InlineData(10, 30, 2, 32)]
    public void Decide_JobsThatWait_RaiseTheMinimumToTheHighestStep(int depth, int minutes, int now, int? wanted)
    {
        IReadOnlyList<PolicyAction> actions = ScalingPolicy.Decide(s_minimumAlone, Seen(depth, minutes, now), new ScalingMemory(), 1);

        Assert.Equal(wanted, (actions.SingleOrDefault() as SetMinimum)?.VCpus);
    }

    // 20 % below a step it is kept, so that a depth around it changes nothing.
    [Theory]
    [InlineData(80, null)]
    [InlineData(79, 16)]
    [InlineData(8, 16)]
    [InlineData(7, 2)]
    public void Decide_FewerJobs_LowerTheMinimumBelowTheHysteresisAlone(int depth, int? wanted)
    {
        ScalingMemory long_ago = new() { MinimumChangedAt = s_now.AddHours(-1), MinimumNeededAt = s_now.AddMinutes(-15) };

        IReadOnlyList<PolicyAction> actions = ScalingPolicy.Decide(s_minimumAlone, Seen(depth, 0, 64), long_ago, 1);

        Assert.Equal(wanted, (actions.SingleOrDefault() as SetMinimum)?.VCpus);
    }

    [Fact]
    public void Decide_WithinLowerAfterOfTheLastNeed_LowersNothing()
    {
        ScalingMemory recent = new() { MinimumChangedAt = s_now.AddHours(-1), MinimumNeededAt = s_now.AddMinutes(-14) };
        ScalingMemory raised = new() { MinimumChangedAt = s_now.AddMinutes(-14) };

        Assert.Empty(ScalingPolicy.Decide(s_minimumAlone, Seen(0, 0, 64), recent, 1));
        Assert.Empty(ScalingPolicy.Decide(s_minimumAlone, Seen(0, 0, 64), raised, 1));
        Assert.Single(ScalingPolicy.Decide(s_minimumAlone, Seen(0, 0, 64), new ScalingMemory(), 1));
    }

    [Fact]
    public void Decide_WithinACoolDown_ChangesNothing()
    {
        ScalingMemory cooling = new() { MinimumChangedAt = s_now.AddMinutes(-4), MaximumChangedAt = s_now.AddMinutes(-4) };

        Assert.Empty(ScalingPolicy.Decide(s_policy, Seen(200, 60, 2) with { Pace = Pace(0) }, cooling, 1));
    }

    [Theory]
    [InlineData("2026-11-13T06:59", 2)]
    [InlineData("2026-11-13T07:00", 20)]
    [InlineData("2026-11-13T16:59", 20)]
    [InlineData("2026-11-13T17:00", 2)]
    [InlineData("2026-11-14T08:00", 2)]
    // In July the clocks of Berlin are two hours ahead.
    [InlineData("2026-07-03T06:00", 20)]
    [InlineData("2026-07-03T16:00", 2)]
    // The night from Saturday to Sunday.
    [InlineData("2026-11-14T21:30", 40)]
    [InlineData("2026-11-15T04:59", 40)]
    [InlineData("2026-11-15T05:00", 2)]
    public void Decide_HoursOfTheWeek_AreThoseOfTheTimeZone(string at, int wanted)
    {
        DayOfWeek[] workdays =
            [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];
        EnvironmentPolicy policy = s_minimumAlone with
        {
            Minimum = s_policy.Minimum! with
            {
                Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
                Hours =
                [
                    new WeekHours(workdays, TimeSpan.FromHours(8), TimeSpan.FromHours(18), 20),
                    new WeekHours([DayOfWeek.Saturday], TimeSpan.FromHours(22), TimeSpan.FromHours(6), 40),
                ],
            },
        };
        var time = DateTimeOffset.Parse($"{at}Z", System.Globalization.CultureInfo.InvariantCulture);

        IReadOnlyList<PolicyAction> actions = ScalingPolicy.Decide(policy, Seen(0, 0, 1) with { At = time }, new ScalingMemory(), 1);

        Assert.Equal(wanted, Assert.IsType<SetMinimum>(Assert.Single(actions)).VCpus);
    }

    // 100 hours are left and a vCPU costs 0.05 USD an hour: 20 vCPUs for each USD an hour.
    [Theory]
    [InlineData(500, 200, 100)]
    [InlineData(-5, 200, 64)]
    [InlineData(10_000, 200, 256)]
    [InlineData(750, 200, 150)]
    [InlineData(900, 200, null)]
    [InlineData(1150, 200, 230, 0.1)]
    public void Decide_Budget_PacesTheMaximum(int leftUsd, int now, int? wanted, double hysteresis = 0.2)
    {
        EnvironmentObservation seen = Seen(0, 0, 2) with { MaxVCpus = now, Pace = Pace(leftUsd) };

        IReadOnlyList<PolicyAction> actions =
            ScalingPolicy.Decide(s_policy with { Hysteresis = hysteresis }, seen, new ScalingMemory(), 1);

        Assert.Equal(wanted, (actions.SingleOrDefault() as SetMaximum)?.VCpus);
    }

    [Fact]
    public void Decide_MaximumBelowWhatIsInUse_StepsDownToThatFirst()
    {
        EnvironmentObservation seen = Seen(0, 0, 2) with { MaxVCpus = 200, DesiredVCpus = 150, Pace = Pace(500) };

        SetMaximum first = Assert.IsType<SetMaximum>(Assert.Single(ScalingPolicy.Decide(s_policy, seen, new ScalingMemory(), 1)));
        Warn stays = Assert.IsType<Warn>(
            Assert.Single(ScalingPolicy.Decide(s_policy, seen with { MaxVCpus = 150 }, new ScalingMemory(), 2)));
        SetMaximum last = Assert.IsType<SetMaximum>(
            Assert.Single(ScalingPolicy.Decide(s_policy, seen with { MaxVCpus = 150, DesiredVCpus = 80 }, new ScalingMemory(), 3)));

        Assert.Equal((150, 100), (first.VCpus, last.VCpus));
        Assert.Contains("150 are in use, 50 more than that: the rest as instances end", first.Reason, StringComparison.Ordinal);
        Assert.Contains("nothing can be lowered before instances end", stays.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_BudgetThatIsNotKnown_LeavesTheMaximumAndSaysWhy() =>
        Assert.Contains("month", Assert.IsType<Warn>(
            Assert.Single(ScalingPolicy.Decide(s_policy, Seen(0, 0, 2), new ScalingMemory(), 1))).Reason, StringComparison.Ordinal);

    [Fact]
    public void Decide_ScaleDownDelay_IsSetOnceWhereItDiffers()
    {
        EnvironmentPolicy policy = new() { Name = "cpu", Environment = "cpu", ScaleDownDelayMinutes = 30 };

        SetScaleDownDelay set = Assert.IsType<SetScaleDownDelay>(
            Assert.Single(ScalingPolicy.Decide(policy, Seen(0, 0, 2), new ScalingMemory(), 1)));
        Assert.Equal(30, set.Minutes);
        Assert.Empty(ScalingPolicy.Decide(policy, Seen(0, 0, 2) with { ScaleDownDelayMinutes = 30 }, new ScalingMemory(), 1));
    }

    [Fact]
    public void Decide_ScaleDownDelayWithinACoolDown_IsLeftAlone()
    {
        EnvironmentPolicy policy = new() { Name = "cpu", Environment = "cpu", ScaleDownDelayMinutes = 30 };
        SetScaleDownDelay set = new("cpu", 1, ScalingPolicy.ScaleDownDelay, 30) { Reason = "" };

        Assert.Empty(ScalingPolicy.Decide(policy, Seen(0, 0, 2), new ScalingMemory().Having(set, s_now.AddMinutes(-4)), 2));
        Assert.Single(ScalingPolicy.Decide(policy, Seen(0, 0, 2), new ScalingMemory().Having(set, s_now.AddMinutes(-5)), 2));
    }

    // What keeps a minimum from the step that was reached is said.
    [Theory]
    [InlineData(100, 256, 1_000, 64, "100 jobs wait (64 vCPUs from 100 on)")]
    [InlineData(100, 40, null, 40, "100 jobs wait (64 vCPUs from 100 on), at most the maximum 40")]
    [InlineData(100, 256, 10, 12, "100 jobs wait (64 vCPUs from 100 on); 64 in steps of 10")]
    [InlineData(100, 256, int.MaxValue, 64, "100 jobs wait (64 vCPUs from 100 on)")]
    public void Decide_MinimumThatIsCapped_SaysByWhat(int depth, int most, int? step, int wanted, string reason)
    {
        EnvironmentPolicy policy = s_minimumAlone with { Minimum = s_policy.Minimum! with { Step = step } };

        SetMinimum set = Assert.IsType<SetMinimum>(Assert.Single(
            ScalingPolicy.Decide(policy, Seen(depth, 0, 2) with { MaxVCpus = most }, new ScalingMemory(), 1)));

        Assert.Equal((wanted, reason), (set.VCpus, set.Reason));
    }

    // Hysteresis and lower_after: a depth that swings around a step changes the minimum once.
    [Fact]
    public void Decide_OscillatingDepth_ChangesTheMinimumOnce()
    {
        var changes = Replay(s_minimumAlone, Enumerable.Range(0, 600).Select(i => i % 2 == 0 ? 101 : 85), 2);
        var wide = Replay(s_minimumAlone, Enumerable.Range(0, 600).Select(i => i / 7 % 2 == 0 ? 150 : 0), 2);

        Assert.Equal([64], changes.Select(change => change.VCpus));
        Assert.Equal([64], wide.Select(change => change.VCpus));
    }

    // Whatever the jobs do: within the bounds, one change a cool-down, and none that leads nowhere.
    [Fact]
    public void Decide_AnyDepths_StayWithinBoundsAndCoolDowns() =>
        Gen.Select(Gen.Int[0, 300].Array[1, 200], Gen.Int[0, 100], Gen.Int[1, 40]).Sample((depths, start, step) =>
        {
            EnvironmentPolicy policy = s_minimumAlone with { Minimum = s_policy.Minimum! with { Step = step } };
            List<SetMinimum> changes = Replay(policy, depths, start);
            int before = start;
            foreach (SetMinimum change in changes)
            {
                Assert.InRange(change.VCpus, 2, 64);
                Assert.NotEqual(before, change.VCpus);
                // From outside of the bounds it comes in at once.
                if (before is >= 2 and <= 64) Assert.InRange(Math.Abs(change.VCpus - before), 1, step);
                before = change.VCpus;
            }
            Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(pair.Second.Attempt - pair.First.Attempt >= 5));
        });

    [Fact]
    public void Decide_AnyObservation_NeverWantsAMaximumThatBatchRefuses() =>
        Gen.Select(Gen.Int[0, 64], Gen.Int[64, 400], Gen.Int[0, 420], Gen.Int[-100, 3000]).Sample((least, most, desired, usd) =>
        {
            EnvironmentObservation seen = Seen(0, 0, least) with { MaxVCpus = most, DesiredVCpus = desired, Pace = Pace(usd) };

            IReadOnlyList<PolicyAction> actions = ScalingPolicy.Decide(s_policy, seen, new ScalingMemory(), 1);

            int minimum = actions.OfType<SetMinimum>().Select(one => one.VCpus).FirstOrDefault(least);
            foreach (SetMaximum change in actions.OfType<SetMaximum>())
            {
                Assert.True(change.VCpus >= minimum);
                Assert.True(change.VCpus > most || change.VCpus >= Math.Min(desired, most));
                Assert.True(change.VCpus <= Math.Max(256, most));
                Assert.True(change.VCpus >= 64);
            }
            // The minimum is first: a maximum below it would be refused.
            Assert.False(actions is [SetMaximum, SetMinimum, ..]);
        });

    private static List<SetMinimum> Replay(EnvironmentPolicy policy, IEnumerable<int> depths, int start)
    {
        List<SetMinimum> changes = [];
        ScalingMemory memory = new();
        int minimum = start, number = 0;
        foreach (int depth in depths)
        {
            EnvironmentObservation seen = Seen(depth, 0, minimum) with { At = s_now + (s_round * ++number) };
            memory = memory.Seeing(policy, seen);
            foreach (SetMinimum change in ScalingPolicy.Decide(policy, seen, memory, number).OfType<SetMinimum>())
            {
                changes.Add(change);
                memory = memory.Having(change, seen.At);
                minimum = change.VCpus;
            }
        }
        return changes;
    }

    private static EnvironmentObservation Seen(int depth, int minutes, int minimum) => new()
    {
        Environment = "cpu",
        At = s_now,
        MinVCpus = minimum,
        MaxVCpus = 256,
        DesiredVCpus = 0,
        Depth = depth,
        OldestWait = TimeSpan.FromMinutes(minutes),
    };

    private static BudgetPace Pace(int leftUsd) => new(leftUsd, TimeSpan.FromHours(100), 0.05m);
}

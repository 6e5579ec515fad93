using Refrag.Policies;
using Refrag.WhatIf;

namespace Refrag.Tests.WhatIf;

/// <summary>The policies that act on Batch, on the simulator's clock.</summary>
public sealed class WorldScalingTests
{
    private static readonly EnvironmentPolicy s_policy = new()
    {
        Name = "warm",
        Environment = "cpu",
        Minimum = new MinimumPolicy { Most = 8, Depth = [new DepthStep(2, 8)], LowerAfter = TimeSpan.FromHours(1) },
    };

    // Two bursts of two-core jobs, half an hour apart: without a policy the instances of the first are gone before the second.
    private static readonly string s_bursts = "submit_s,run_s,vcpus,memory_mib\n" + string.Concat(
        Enumerable.Range(0, 4).Select(_ => "0,60,2,1024\n").Concat(Enumerable.Range(0, 4).Select(_ => "1800,60,2,1024\n")));

    [Fact]
    public void Run_MinimumByDepth_KeepsInstancesForTheNextBurstAndCostsMore()
    {
        World world = Worlds.Read(Worlds.Separate);

        RunResult without = Worlds.Run(world, Worlds.Trace(s_bursts), 1).Value;
        RunResult with = Worlds.Run(Scaled(world, s_policy), Worlds.Trace(s_bursts), 1).Value;

        // The first burst waits for its instances in both, the second one in the first alone.
        Assert.Equal(Enumerable.Repeat(90_000L, 8), without.All.Waits);
        Assert.Equal([0, 0, 0, 0, 90_000, 90_000, 90_000, 90_000], with.All.Waits);
        Assert.Equal((0, 1), (without.Changes, with.Changes));
        Assert.True(with.Usd > without.Usd);
    }

    [Fact]
    public void Run_MinimumThatFallsAgain_LetsInstancesGo()
    {
        string csv = s_bursts + "20000,60,2,1024\n";

        RunResult run = Worlds.Run(Scaled(Worlds.Read(Worlds.Separate), s_policy), Worlds.Trace(csv), 1).Value;

        // Up once, down an hour after the last need; the last job waits for an instance of its own.
        Assert.Equal(2, run.Changes);
        Assert.Equal(90_000, run.All.Waits[^1]);
        Assert.Equal(5, run.Instances);
    }

    [Fact]
    public void Run_BudgetThatRunsOut_BringsTheMaximumDown()
    {
        EnvironmentPolicy paced = new()
        {
            Name = "paced",
            Environment = "cpu",
            Maximum = new MaximumPolicy { Least = 2, Most = 8, Budget = "month" },
        };
        string csv = "submit_s,run_s,vcpus,memory_mib\n"
            + string.Concat(Enumerable.Range(0, 8).Select(i => $"{(i < 2 ? 0 : 1000)},3600,2,1024\n"));
        World world = Worlds.Read(Worlds.Separate);

        RunResult rich = Worlds.Run(Scaled(world, paced, 1000), Worlds.Trace(csv), 1).Value;
        RunResult poor = Worlds.Run(Scaled(world, paced, 0.01m), Worlds.Trace(csv), 1).Value;

        // The first two are in use, so the maximum goes down to them; the others follow two at a time, and not four.
        Assert.Equal((0, 8), (rich.Changes, (int)rich.PeakVCpus["cpu"]));
        Assert.Equal((1, 4), (poor.Changes, (int)poor.PeakVCpus["cpu"]));
        Assert.True(poor.Makespan > rich.Makespan);
        Assert.Equal(0, poor.All.NeverStarted);
    }

    [Fact]
    public void Run_PolicyForAnEnvironmentThatTheWorldDoesNotHave_IsAProblemWithTheNearName()
    {
        World world = Scaled(Worlds.Read(Worlds.Separate), s_policy with { Environment = "cpuu" });

        Problem problem = Assert.Single(Worlds.Run(world, Worlds.Trace(s_bursts), 1).Problems);

        Assert.Equal("RF8176", problem.Code);
        Assert.Contains("Did you mean cpu?", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SameWorldTwice_IsTheSame()
    {
        World world = Scaled(Worlds.Read(Worlds.Separate), s_policy);

        RunResult first = Worlds.Run(world, Worlds.Trace(s_bursts), 1).Value;
        RunResult second = Worlds.Run(world, Worlds.Trace(s_bursts), 1).Value;

        Assert.Equal((first.Usd, first.Events, first.Changes), (second.Usd, second.Events, second.Changes));
    }

    private static World Scaled(World world, EnvironmentPolicy policy, decimal budget = 1) => world with
    {
        Scaling = new WorldScaling([policy], TimeSpan.FromMinutes(1), new Dictionary<string, decimal> { ["month"] = budget }),
    };
}

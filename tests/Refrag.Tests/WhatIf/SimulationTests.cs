using Refrag.WhatIf;

namespace Refrag.Tests.WhatIf;

public sealed class SimulationTests
{
    // Prices of us-east-1 in src/Refrag.Scheduling/Catalogue/prices.csv: m5.large $0.096 on demand.
    [Fact]
    public void Run_OfOneJob_CountsItsInstanceFromLaunchToEnd()
    {
        RunResult run = Worlds.Run(Worlds.Separate, "submit_s,run_s,vcpus,memory_mib\n0,3510,1,1024");

        Assert.Equal(90_000, run.All.Wait(0.5));
        Assert.Equal(TimeSpan.FromSeconds(3600), run.Makespan);
        Assert.Equal(0.096, run.Usd!.Value, 6);
        // One of two vCPUs for 3510 of 3600 seconds; its share of the instance is that of the vCPUs.
        Assert.Equal(3510 / 3600.0 / 2, run.VCpuUse!.Value, 6);
        Assert.Equal(0.096 * 3510 / 3600 / 2, run.All.Usd!.Value, 6);
        Assert.Equal((1, 0), (run.Instances, run.Reclaimed));
    }

    [Fact]
    public void Run_OfTwoKinds_CountsThemApartAndSendsEachToItsQueue()
    {
        RunResult run = Worlds.Run(Worlds.Separate,
            "submit_s,run_s,gpus,vcpus,memory_mib\n0,60,0,1,512\n0,60,1,4,512\n0,60,1,4,512\n0,60,1,4,512");

        Assert.Equal((4, 1, 3), (run.All.Jobs, run.Cpu.Jobs, run.Gpu.Jobs));
        // Two g5.xlarge at most: the third job waits for the end of one of the first two.
        Assert.Equal([90_000, 90_000, 150_000], run.Gpu.Waits);
        Assert.Equal(1.0, run.PeakVCpus["gpu"] / 8.0);
    }

    // A CPU job behind GPU jobs: in a shared queue the head blocks it, in a queue of its own it starts.
    [Fact]
    public void Run_OfASharedQueue_HoldsCpuWorkBehindGpuWork()
    {
        const string Csv = "submit_s,run_s,gpus,vcpus,memory_mib\n0,3600,1,4,512\n0,3600,1,4,512\n0,3600,1,4,512\n1,60,0,1,512";

        double shared = Worlds.Run(Worlds.Shared, Csv).Cpu.Wait(0.5);
        double separate = Worlds.Run(Worlds.Separate, Csv).Cpu.Wait(0.5);

        Assert.Equal(90_000, separate);
        Assert.True(shared >= 3_600_000, $"{shared}");
    }

    [Fact]
    public void Run_WhereAJobIsTooLarge_NamesItAndTheReason()
    {
        RunResult run = Worlds.Run(Worlds.Separate, "job_id,submit_s,run_s,vcpus,memory_mib\nbig,0,60,64,512\nsmall,1,60,1,512");

        StuckJob stuck = Assert.Single(run.Stuck);
        Assert.Equal("big (t.csv:2)", stuck.Job);
        Assert.StartsWith("MISCONFIGURATION:", stuck.Reason, StringComparison.Ordinal);
        Assert.Equal((2, double.PositiveInfinity), (run.All.NeverStarted, run.All.Wait(0.5)));
    }

    // An environment with a minimum is checked again every few minutes, and the job never fits: the run ends all the same.
    [Fact]
    public void Run_WhereAJobNeverStartsBesideAMinimum_Ends()
    {
        RunResult run = Worlds.Run("environments:\n  cpu: {types: [m5.large], max_vcpus: 8, min_vcpus: 2}",
            "submit_s,run_s,vcpus,memory_mib\n0,60,1,512\n10,60,64,512");

        Assert.Equal(1, run.All.NeverStarted);
        Assert.Equal(double.PositiveInfinity, Figure.Parse("makespan").Value.Of(run));
    }

    [Fact]
    public void Run_OfGpuWorkWithoutGpus_IsAProblem()
    {
        Result<RunResult> run = Worlds.Run(
            Worlds.Read("environments:\n  cpu: {types: [m5.large], max_vcpus: 8}"), Worlds.Trace("submit_s,run_s,gpus\n0,60,1"), 1);

        Assert.Equal("RF8155", Assert.Single(run.Problems).Code);
        Assert.Contains("t.csv:2", run.Problems[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OnSpot_LosesAttemptsAndDiffersBySeedOnly()
    {
        World world = Worlds.Read("environments:\n  cpu: {types: [m5.large], max_vcpus: 8, spot: true, reclaims_per_hour: 1}");
        var workload = Worlds.Trace("submit_s,run_s,vcpus,memory_mib,attempts\n"
            + string.Concat(Enumerable.Range(0, 20).Select(at => $"{at * 60},1800,1,512,10\n")));

        RunResult first = Worlds.Run(world, workload, 1).Value;
        RunResult again = Worlds.Run(world, workload, 1).Value;
        RunResult other = Worlds.Run(world, workload, 2).Value;

        Assert.True(first.Reclaimed > 0 && first.All.Retried > 0);
        Assert.Equal(first.Makespan, again.Makespan);
        Assert.NotEqual(first.Makespan, other.Makespan);
        WorldResult all = Worlds.Of(workload).Run(world, null, TestContext.Current.CancellationToken).Value;
        Assert.Equal(5, all.Runs.Count);
        Assert.True(all.Of(Figure.Parse("makespan").Value)!.Value.HalfWidth > 0);
    }

    [Fact]
    public void Run_WithoutChance_IsDoneOnce() =>
        Assert.Single(Worlds.Of(Worlds.Trace("submit_s,run_s\n0,60"))
            .Run(Worlds.Read(Worlds.Separate), null, TestContext.Current.CancellationToken).Value.Runs);

    [Fact]
    public void Run_OfATypeWithoutAPrice_KnowsNoCost()
    {
        RunResult run = Worlds.Run(
            "region: ap-south-2\nenvironments:\n  cpu: {types: [m5.large], max_vcpus: 8}", "submit_s,run_s,memory_mib\n0,60,512");

        Assert.Null(run.Usd);
        Assert.Equal(["m5.large"], run.Unpriced);
    }

    [Fact]
    public void Wait_OfAPart_IsTheNearestRank()
    {
        var work = new WorkResult([10, 20, 30, 40]) { Jobs = 5, Failed = 0, Retried = 0, Usd = null };

        Assert.Equal((30, 40, double.PositiveInfinity), (work.Wait(0.5), work.Wait(0.8), work.Wait(0.9)));
    }

    // 12.706 of Student's distribution with one degree of freedom: NIST/SEMATECH e-Handbook, 1.3.6.7.2.
    [Fact]
    public void Of_TwoValues_IsTheIntervalOfStudent()
    {
        Interval interval = Interval.Of([1, 3])!.Value;

        Assert.Equal(2, interval.Mean);
        Assert.Equal(12.706, interval.HalfWidth!.Value, 6);
        Assert.Null(Interval.Of([1, null]));
        Assert.Null(Interval.Of([5])!.Value.HalfWidth);
    }
}

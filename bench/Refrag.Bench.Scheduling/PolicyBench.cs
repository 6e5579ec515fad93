using System.Globalization;
using Refrag.Policies;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Bench.Scheduling;

/// <summary>
/// Scaling policies on the traces of a folder, beside no policy and the best fixed minimum: CPU and GPU jobs each in a queue and a compute
/// environment of their own.
/// </summary>
internal static class PolicyBench
{
    private const double ReclaimsPerHour = 0.05;
    private const int Attempts = 10;

    private static readonly TimeSpan s_round = TimeSpan.FromMinutes(1);

    private static readonly DayOfWeek[] s_workdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    public static int Run(string folder)
    {
        Console.WriteLine("| trace | jobs | setting | wait, mean | 90 % | 99 % | cost | vCPUs used | changes | lost |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (string path in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            Workload workload = WhatIfBench.WithCpuWork(TraceReader.Read(path, Path.GetFileNameWithoutExtension(path)).Value);
            World world = WhatIfBench.Of(workload)[^1];
            foreach (bool isGpu in (bool[])[false, true]) Compare(workload, world, isGpu);
        }
        return 0;
    }

    private static void Compare(Workload workload, World world, bool isGpu)
    {
        string name = isGpu ? "gpu" : "cpu";
        Workload part = new()
        {
            Source = $"{workload.Source}, {name.ToUpperInvariant()}",
            Start = workload.Start,
            Jobs = [.. workload.Jobs.Where(job => job.IsGpu == isGpu)],
        };
        World own = world with
        {
            Environments = [.. world.Environments.Where(one => one.Name == name)],
            Queues = [.. world.Queues.Where(one => one.Name == name)],
        };
        int most = own.Environments[0].MaxVCpus;
        MinimumPolicy depth = ByDepth(most);
        WeekHours hours = new(s_workdays, TimeSpan.FromHours(8), TimeSpan.FromHours(20), most / 4);
        (int VCpus, RunResult Run)[] minima =
            [.. FixedMinima(most).Select(vCpus => (vCpus, Simulate(WithMinimum(own, vCpus), part)))];
        Print(part, "no policy", minima[0].Run);
        foreach ((string setting, MinimumPolicy minimum) in new[]
        {
            ("by depth", depth),
            ("by hours", new MinimumPolicy { Most = most, Hours = [hours] }),
            ("by depth and hours", depth with { Hours = [hours] }),
        })
        {
            RunResult run = Simulate(Scaled(own, name, minimum), part);
            Print(part, $"warm minimum {setting}", run);
            // The best fixed one for what the policy reaches.
            (int vCpus, RunResult? least) =
                minima.Where(one => MeanWait(one.Run) <= MeanWait(run)).OrderBy(one => one.Run.Usd).FirstOrDefault();
            if (least is not null) Print(part, $"fixed minimum of {vCpus}, the cheapest that waits no longer", least);
            else Console.WriteLine($"| {part.Source} | | no fixed minimum waits as short | | | | | | | |");
        }
        // Jobs of several nodes do not run on Spot.
        if (part.Jobs.All(job => job.Nodes <= 1))
            Print(part, "Spot, 10 attempts, 0.05 reclaims an hour", Simulate(OnSpot(own), Retried(part)));
    }

    private static double MeanWait(RunResult run) => run.All.Waits.Count == 0 ? 0 : run.All.Waits.Average();

    // From none to all of it, each twice the one before.
    private static IEnumerable<int> FixedMinima(int most)
    {
        yield return 0;
        for (int vCpus = 2; vCpus < most; vCpus *= 2) yield return vCpus;
        yield return most;
    }

    // A sixteenth of the fleet with the first job that waits, up to half of it.
    private static MinimumPolicy ByDepth(int most) => new()
    {
        Most = most,
        Depth = [new DepthStep(1, most / 16), new DepthStep(10, most / 4), new DepthStep(50, most / 2)],
        LowerAfter = TimeSpan.FromMinutes(30),
    };

    private static World Scaled(World world, string environment, MinimumPolicy minimum) => world with
    {
        Scaling = new WorldScaling(
            [new EnvironmentPolicy { Name = "bench", Environment = environment, Minimum = minimum }], s_round,
            new Dictionary<string, decimal>()),
    };

    private static World WithMinimum(World world, int vCpus) =>
        world with { Environments = [.. world.Environments.Select(one => one with { MinVCpus = vCpus })] };

    private static World OnSpot(World world) => world with
    {
        Environments =
        [
            .. world.Environments.Select(
                one => one with { Kind = ComputeEnvironmentKind.Spot, Strategy = AllocationStrategy.SpotPriceCapacityOptimized }),
        ],
        Scenario = world.Scenario with { Injections = [new SpotRate(ReclaimsPerHour)] },
    };

    private static Workload Retried(Workload workload) => new()
    {
        Source = workload.Source,
        Start = workload.Start,
        Jobs = [.. workload.Jobs.Select(job => job with { Attempts = Attempts })],
    };

    private static RunResult Simulate(World world, Workload workload) => Simulation.Run(world, workload, 1).Value;

    private static void Print(Workload workload, string setting, RunResult run)
    {
        string Of(string name) => Figure.Parse(name).Value is var one ? one.Text(one.Of(run)) : "";
        string mean = Figure.Parse("wait.median").Value.Text(MeanWait(run));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Source} | {workload.Jobs.Count:n0} | {setting} | {mean} | {Of("wait.p90")} | {Of("wait.p99")} | {run.Usd:$#,0} | "
                + $"{Of("use.vcpus")} | {run.Changes:n0} | {run.All.Failed + run.All.Retried:n0} |"));
    }
}

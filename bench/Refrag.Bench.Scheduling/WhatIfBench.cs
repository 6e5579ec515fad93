using System.Globalization;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Bench.Scheduling;

/// <summary>Shared queues against separate ones, on the traces of a folder, as <c>refrag simulate</c> runs them.</summary>
internal static class WhatIfBench
{
    private const int CpuJobsBesideGpuTrace = 20_000;

    public static int Run(string folder)
    {
        Console.WriteLine("| trace | jobs | world | CPU wait, median | 90 % | GPU wait, median | 90 % | cost | of it CPU work | events | "
            + "events a second |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (string path in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            Workload workload = WithCpuWork(TraceReader.Read(path, Path.GetFileNameWithoutExtension(path)).Value);
            foreach (World world in Of(workload)) Print(workload, world);
        }
        return 0;
    }

    /// <summary>A generated workload on a fleet that keeps up with it, and what that takes of memory.</summary>
    public static int Million(int jobs)
    {
        string settings = string.Create(CultureInfo.InvariantCulture, $"jobs={jobs},per_hour=20000,gpu_part=0.2,attempts=3,shares=20");
        Workload workload = WorkloadGenerator.Parse(settings).Value.Make(1);
        GC.Collect();
        long trace = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan begin = System.Environment.CpuUsage.TotalTime;
        RunResult run = Simulation.Run(Of(workload)[^1], workload, 1).Value;
        TimeSpan took = System.Environment.CpuUsage.TotalTime - begin;
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Console.WriteLine("| jobs | events | time | events a second | trace in memory | most memory of the process |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {jobs:n0} | {run.Events:n0} | {took.TotalSeconds:n1} s | {run.Events / took.TotalSeconds:n0} | {trace / 1048576:n0} MiB | "
                + $"{process.PeakWorkingSet64 / 1048576:n0} MiB |"));
        return 0;
    }

    private static void Print(Workload workload, World world)
    {
        TimeSpan begin = System.Environment.CpuUsage.TotalTime;
        RunResult run = Simulation.Run(world, workload, 1).Value;
        TimeSpan took = System.Environment.CpuUsage.TotalTime - begin;
        string Of(string name) => Figure.Parse(name).Value is var one ? one.Text(one.Of(run)) : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Source} | {workload.Jobs.Count:n0} | {world.Name} | {Of("cpu.wait.median")} | {Of("cpu.wait.p90")} | "
                + $"{Of("gpu.wait.median")} | {Of("gpu.wait.p90")} | {Of("cost")} | {run.Cpu.Usd:$#,0} | {run.Events:n0} | "
                + $"{run.Events / took.TotalSeconds:n0} |"));
        if (run.Stuck.Count > 0) Console.WriteLine($"stuck: {run.Stuck[0].Job}: {run.Stuck[0].Reason}");
    }

    // A trace of GPU jobs alone has nothing to be held back: CPU jobs are spread over its time.
    internal static Workload WithCpuWork(Workload trace)
    {
        if (trace.Jobs.Any(job => !job.IsGpu)) return trace;
        double perHour = CpuJobsBesideGpuTrace / (trace.Jobs[^1].SubmittedAt / 3_600_000.0);
        string settings = string.Create(CultureInfo.InvariantCulture, $"jobs={CpuJobsBesideGpuTrace},per_hour={perHour:f3},gpu_part=0");
        IEnumerable<TraceJob> cpu = WorkloadGenerator.Parse(settings).Value.Make(1).Jobs;
        return new Workload
        {
            Source = $"{trace.Source} and CPU jobs",
            Jobs = [.. trace.Jobs.Concat(cpu).OrderBy(job => job.SubmittedAt)],
        };
    }

    // Three times as large as the work is on average: at night and in slack weeks much of it stands idle.
    internal static World[] Of(Workload workload)
    {
        double hours = workload.Jobs.Max(job => job.SubmittedAt + job.Runs) / 3_600_000.0;
        int Size(bool isGpu) => (int)Math.Max(192, 3 / hours
            * workload.Jobs.Where(job => job.IsGpu == isGpu).Sum(job => job.MilliVCpus / 1000.0 * job.Nodes * job.Runs / 3_600_000));
        string[] cpuTypes = ["m5", "c5"];
        string[] gpuTypes = ["g5", "p3", "p4d"];
        ComputeEnvironment cpu = Environment("cpu", cpuTypes, Size(isGpu: false));
        ComputeEnvironment gpu = Environment("gpu", gpuTypes, Size(isGpu: true));
        ComputeEnvironment all = Environment("all", [.. cpuTypes, .. gpuTypes], cpu.MaxVCpus + gpu.MaxVCpus);
        return
        [
            Make("one queue, one environment", [all], [new JobQueue { Name = "all", Environments = ["all"] }]),
            Make("one queue, two environments", [cpu, gpu], [new JobQueue { Name = "all", Environments = ["cpu", "gpu"] }]),
            Make("a queue each", [cpu, gpu],
                [new JobQueue { Name = "cpu", Environments = ["cpu"] }, new JobQueue { Name = "gpu", Environments = ["gpu"] }]),
        ];
    }

    private static ComputeEnvironment Environment(string name, string[] types, int most) => new()
    {
        Name = name,
        Kind = ComputeEnvironmentKind.Ec2,
        InstanceTypes = types,
        MaxVCpus = most,
        Strategy = AllocationStrategy.BestFitProgressive,
    };

    private static World Make(string name, ComputeEnvironment[] environments, JobQueue[] queues) => new()
    {
        Name = name,
        Environments = environments,
        Queues = queues,
        Scenario = new Scenario(),
        Types = Worlds.Types,
        Prices = Worlds.Prices,
    };
}

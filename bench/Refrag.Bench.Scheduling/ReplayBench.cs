using System.Globalization;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.Bench.Scheduling;

/// <summary>Replays traces of real clusters under virtual time, each several times, and compares the digests.</summary>
internal static class ReplayBench
{
    private const int Runs = 9;

    public static int Run(string[] traces)
    {
        Console.WriteLine(
            "| trace | order | jobs | virtual time | events | rounds | time on the core, best of 9 | events a second | median wait | "
                + "digest, the same in all runs |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        bool isSame = true;
        foreach (string trace in traces)
        {
            foreach (bool isFair in new[] { false, true }) isSame &= Replay(trace, isFair);
        }
        return isSame ? 0 : 1;
    }

    private static bool Replay(string path, bool isFair)
    {
        SimulatedJob[] jobs = [.. Traces.Read(path)];
        TimeSpan best = TimeSpan.MaxValue;
        SimulationResult? first = null;
        bool isSame = true;
        for (int run = 0; run < Runs; run++)
        {
            var simulator = new Simulator(New(isFair), Worlds.Start);
            GC.Collect();
            TimeSpan begin = Environment.CpuUsage.TotalTime;
            SimulationResult result = simulator.Run(jobs);
            // The process's own time: others on the machine are not what is measured. The collector and the compiler are in it.
            TimeSpan took = Environment.CpuUsage.TotalTime - begin;
            if (took < best) best = took;
            first ??= result;
            isSame &= result.Digest == first.Digest && result.Events == first.Events;
        }
        long[] waits = [.. first!.Outcomes.Select(one => one.Waited).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileNameWithoutExtension(path)} | {(isFair ? "fair share" : "first in, first out")} | {jobs.Length:n0} | "
                + $"{first.Ended.TotalDays:n1} d | {first.Events:n0} | {first.Rounds:n0} | {best.TotalMilliseconds:n0} ms | "
                + $"{first.Events / best.TotalSeconds:n0} | {waits[waits.Length / 2] / 1000.0:n0} s | "
                + $"{(isSame ? $"{first.Digest:x16}" : "DIFFERENT")} |"));
        return isSame;
    }

    private static Cluster New(bool isFair)
    {
        var cluster = new Cluster(Worlds.Types, Worlds.Prices);
        cluster.SetEnvironment(new ComputeEnvironment
        {
            Name = "ce",
            Kind = ComputeEnvironmentKind.Ec2,
            MaxVCpus = 20_000,
            InstanceTypes = ["p3", "p4d", "g5", "m5"],
            Strategy = AllocationStrategy.BestFitProgressive,
        });
        cluster.SetQueue(new JobQueue { Name = "q", Environments = ["ce"], FairShare = isFair ? new FairSharePolicy() : null });
        return cluster;
    }
}

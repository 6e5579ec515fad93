using System.Globalization;
using Refrag.Scheduling;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.Bench.Scheduling;

/// <summary>
/// A simulated day of steady work, hour by hour: memory that is still held, what an hour allocates, and what an hour takes.
/// </summary>
internal static class DayBench
{
    private const int PerHour = 36_000;

    public static int Run()
    {
        var cluster = new Cluster(Worlds.Types, Worlds.Prices);
        cluster.SetEnvironment(new ComputeEnvironment
        {
            Name = "ce",
            Kind = ComputeEnvironmentKind.Ec2,
            MaxVCpus = 4000,
            InstanceTypes = ["m5"],
            Strategy = AllocationStrategy.BestFitProgressive,
        });
        cluster.SetQueue(new JobQueue { Name = "q", Environments = ["ce"], FairShare = new FairSharePolicy() });
        Console.WriteLine("| hour | finished jobs | held | allocated in the hour | time for the hour |");
        Console.WriteLine("|---|---|---|---|---|");
        int hour = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        int finished = 0;
        var simulator = new Simulator(cluster, Worlds.Start, null, one =>
        {
            if (one.Kind is SimulationEventKind.Succeeded) finished++;
            if (one.At < (hour + 1) * 3_600_000L) return;
            hour++;
            double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds;
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (hour is 1 or 2 or 6 or 12 or 18 or 24) Print(hour, finished, now - allocated, seconds);
            allocated = GC.GetAllocatedBytesForCurrentThread();
            begin = System.Diagnostics.Stopwatch.GetTimestamp();
        }, _ => { });
        simulator.Run(Jobs(), TimeSpan.FromHours(24.5));
        return 0;
    }

    private static void Print(int hour, int finished, long allocated, double seconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {hour} | {finished:n0} | {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:n1} MiB | {allocated / 1048576.0:n1} MiB "
            + $"| {seconds * 1000:n0} ms |"));

    private static IEnumerable<SimulatedJob> Jobs()
    {
        for (int i = 0; i < PerHour * 25; i++)
        {
            JobRequest request = new()
            {
                Id = $"job-{i:d8}",
                Queue = "q",
                SubmittedAt = Worlds.Start.AddMilliseconds(i * 100L),
                Requirement = new Requirement { Amount = Amount.Of(1 + (i % 4), 1024 * (1 + (i % 6))) },
                ShareIdentifier = $"share{i % 20}",
            };
            yield return new SimulatedJob(request, TimeSpan.FromSeconds(30 + (i * 7919L % 120)));
        }
    }
}

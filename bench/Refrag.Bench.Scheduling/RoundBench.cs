using System.Diagnostics;
using System.Globalization;
using Refrag.Scheduling.Deciding;

namespace Refrag.Bench.Scheduling;

/// <summary>
/// One decision round on a full cluster: a job has ended, one was submitted, decide. And the first round of all, which fills the cluster.
/// </summary>
internal static class RoundBench
{
    private const int Rounds = 4000;

    public static int Run()
    {
        Console.WriteLine(
            "| order | waiting | instances | mean round | slowest round | decisions a second | first round, all instances empty |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (bool isFair in new[] { false, true })
        {
            foreach (int waiting in new[] { 1_000, 100_000, 1_000_000 })
            {
                foreach (int instances in new[] { 10, 1_000, 10_000 }) Measure(waiting, instances, isFair);
            }
        }
        return 0;
    }

    private static void Measure(int waiting, int instances, bool isFair)
    {
        long begin = Stopwatch.GetTimestamp();
        Cluster cluster = Worlds.Full(waiting, instances, isFair);
        TimeSpan filling = Stopwatch.GetElapsedTime(begin);
        Queue<string> running =
            new(cluster.Snapshot(Worlds.Start).Jobs.Where(job => job.Environment is not null).Select(job => job.Request.Id));
        int next = 100_000_000;
        TimeSpan slowest = TimeSpan.Zero;
        TimeSpan total = TimeSpan.Zero;
        long decisions = 0;
        DateTimeOffset now = Worlds.Start;
        for (int i = 0; i < Rounds; i++)
        {
            now = now.AddMilliseconds(250);
            cluster.RemoveJob(running.Dequeue(), now);
            cluster.AddJob(Worlds.Job(next++, isFair), now);
            long at = Stopwatch.GetTimestamp();
            Plan plan = cluster.Decide(now);
            TimeSpan took = Stopwatch.GetElapsedTime(at);
            total += took;
            if (took > slowest) slowest = took;
            decisions += 1 + plan.Placements.Count;
            foreach (Placement placement in plan.Placements) running.Enqueue(placement.JobId);
        }
        string order = isFair ? "fair share, 50 shares" : "first in, first out";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {order} | {waiting:n0} | {instances:n0} | {total.TotalMicroseconds / Rounds:n1} µs | {slowest.TotalMilliseconds:n2} ms "
                + $"| {decisions / total.TotalSeconds:n0} | {filling.TotalSeconds:n2} s |"));
    }
}

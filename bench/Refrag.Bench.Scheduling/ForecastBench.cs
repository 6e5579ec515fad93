using System.Diagnostics;
using System.Globalization;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;

namespace Refrag.Bench.Scheduling;

/// <summary>
/// Replays traces and asks, soon after some of the jobs were submitted, when they will start; compares with when they did. Beside it stands
/// the naive forecast: the same quantiles of how long the last jobs of the queue waited.
/// </summary>
internal static class ForecastBench
{
    // The first jobs of a trace are history only.
    private const double HistoryPart = 0.2;
    private const int NaiveWaits = 200;
    private const double ReclaimsPerHour = 0.05;

    public static int Run(int count, int vCpus, string[] traces)
    {
        Console.WriteLine("| trace | order | jobs asked for | median wait | within | without a latest time | median width "
            + "| naive: within | naive: median width | median time for an answer |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (string trace in traces)
        {
            foreach (string order in new[] { "first in, first out", "fair share", "Spot" }) Backtest(trace, order, count, vCpus);
        }
        return 0;
    }

    private static void Backtest(string path, string order, int count, int vCpus)
    {
        SimulatedJob[] jobs =
            [.. Traces.Read(path).Select(job => job with { Attempts = 10, Request = job.Request with { Attempts = 10 } })];
        Dictionary<string, long> submitted = jobs.ToDictionary(
            job => job.Request.Id, job => (long)(job.Request.SubmittedAt - Worlds.Start).TotalMilliseconds);
        Cluster cluster = New(order, vCpus);
        int first = (int)(jobs.Length * HistoryPart);
        int every = Math.Max(1, (jobs.Length - first) / (count * 2));
        HashSet<string> wanted = [.. jobs.Skip(first).Where((_, at) => at % every == 0).Select(job => job.Request.Id)];
        var pending = new List<(string Id, long At)>();
        var asked = new Dictionary<string, Asked>();
        var answered = new List<(Asked Asked, long Start)>();
        var waits = new Queue<long>();
        var times = new List<double>();
        using var stop = new CancellationTokenSource();
        var scenario = new Scenario { Injections = order == "Spot" ? [new SpotRate(ReclaimsPerHour)] : [] };
        var simulator = new Simulator(cluster, Worlds.Start, scenario, one =>
        {
            // What was submitted a moment ago and did not start at once waits.
            if (pending.Count > 0 && one.At > pending[0].At)
            {
                foreach ((string id, _) in pending)
                {
                    if (asked.Count == count) break;
                    long begin = Stopwatch.GetTimestamp();
                    if (cluster.ForecastStart(id, Worlds.Start.AddMilliseconds(one.At)) is not { } forecast) continue;
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                    asked.Add(id, new Asked(one.At, forecast, [.. waits.Order()]));
                }
                pending.Clear();
            }
            if (one.Kind is SimulationEventKind.Submitted && wanted.Contains(one.JobId!)) pending.Add((one.JobId!, one.At));
            if (one.Kind is not SimulationEventKind.Started) return;
            if (submitted.Remove(one.JobId!, out long since))
            {
                waits.Enqueue(one.At - since);
                if (waits.Count > NaiveWaits) waits.Dequeue();
            }
            if (asked.TryGetValue(one.JobId!, out Asked? question) && !question.IsAnswered)
            {
                question.IsAnswered = true;
                answered.Add((question, one.At));
            }
            if (answered.Count == count) stop.Cancel();
        }, _ => { });
        simulator.Run(jobs, cancellationToken: stop.Token);
        Print(path, order, answered, times);
    }

    private static void Print(string path, string order, List<(Asked Asked, long Start)> answered, List<double> times)
    {
        if (answered.Count == 0)
        {
            Console.WriteLine($"| {Path.GetFileNameWithoutExtension(path)} | {order} | 0 | | | | | | | |");
            return;
        }
        double within = answered.Average(one => one.Asked.Earliest <= one.Start && one.Start <= one.Asked.Latest ? 1.0 : 0);
        double open = answered.Average(one => one.Asked.Latest == long.MaxValue ? 1.0 : 0);
        double naive = answered.Average(one => one.Asked.At + one.Asked.Naive.Low <= one.Start
            && one.Start <= one.Asked.At + one.Asked.Naive.High ? 1.0 : 0);
        string wait = Hours(Median(answered.Select(one => one.Start - one.Asked.At)));
        string width = Hours(Median(answered.Select(
            one => one.Asked.Latest == long.MaxValue ? long.MaxValue : one.Asked.Latest - one.Asked.Earliest)));
        string naiveWidth = Hours(Median(answered.Select(one => one.Asked.Naive.High - one.Asked.Naive.Low)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileNameWithoutExtension(path)} | {order} | {answered.Count} | {wait} | {within:p0} | {open:p0} | {width} "
                + $"| {naive:p0} | {naiveWidth} | {Median(times.Select(one => (long)one))} ms |"));
    }

    private static string Hours(long milliseconds) => milliseconds == long.MaxValue
        ? "open"
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000.0:n2} h");

    private static long Median(IEnumerable<long> values)
    {
        long[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }

    private static Cluster New(string order, int vCpus)
    {
        var cluster = new Cluster(Worlds.Types, Worlds.Prices);
        bool isSpot = order == "Spot";
        cluster.SetEnvironment(new ComputeEnvironment
        {
            Name = "ce",
            Kind = isSpot ? ComputeEnvironmentKind.Spot : ComputeEnvironmentKind.Ec2,
            MaxVCpus = vCpus,
            InstanceTypes = ["p3", "p4d", "g5", "m5"],
            Strategy = isSpot ? AllocationStrategy.SpotPriceCapacityOptimized : AllocationStrategy.BestFitProgressive,
        });
        cluster.SetQueue(
            new JobQueue { Name = "q", Environments = ["ce"], FairShare = order == "fair share" ? new FairSharePolicy() : null });
        return cluster;
    }

    private sealed record Asked(long At, StartForecast Forecast, long[] Waits)
    {
        public bool IsAnswered { get; set; }

        public long Earliest => (long)(Forecast.Earliest - Worlds.Start).TotalMilliseconds;

        public long Latest => Forecast.Latest is { } latest ? (long)(latest - Worlds.Start).TotalMilliseconds : long.MaxValue;

        public (long Low, long High) Naive => Waits.Length == 0
            ? (0, 0)
            : (Waits[(int)(Waits.Length * 0.05)], Waits[Math.Min(Waits.Length - 1, (int)(Waits.Length * 0.95))]);
    }
}

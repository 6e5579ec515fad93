using System.Diagnostics;
using System.Globalization;

namespace Refrag.Bench.Composition;

/// <summary>Times an action many times once it is warm, and prints a line of the table.</summary>
internal static class Timing
{
    // Longer than the just-in-time compiler waits before it compiles anew what is used often.
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(1);

    public static double Print(string what, int rounds, Action action, string limit)
    {
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_warmup;) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var times = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        Line(what, $"{Show(times[rounds / 2])} ms", $"{Show(times[0])} ms", Size(allocated), limit);
        return times[rounds / 2];
    }

    public static void Head()
    {
        Console.WriteLine("| what | median | best | allocated | goal |");
        Console.WriteLine("|---|---|---|---|---|");
    }

    public static void Line(string what, string median, string best, string allocated, string limit) =>
        Console.WriteLine($"| {what} | {median} | {best} | {allocated} | {limit} |");

    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.00} MiB");

    public static string Show(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Bench.Composition;

/// <summary>
/// A sweep of many jobs, expanded and written as a manifest, once and cold: the just-in-time compiler's work is in the figures.
/// </summary>
internal static class Sweeping
{
    public static async Task RunAsync(int jobs, CancellationToken cancellation)
    {
        string file = Path.GetTempFileName();
        try
        {
            string seeds = string.Create(CultureInfo.InvariantCulture, $"seed=range({jobs / 100})");
            IReadOnlyList<Override> overrides = OverrideParser.ParseAll(["lr=range(0,1,0.01)", seeds, "app=train"]).Value;
            long start = Stopwatch.GetTimestamp();
            Sweep sweep = Sweep.Of(overrides).Value;
            File.Delete(file);
            await new SweepManifestFile(file).CreateAsync(sweep, cancellation);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            long allocated = GC.GetTotalAllocatedBytes();
            string what =
                string.Create(CultureInfo.InvariantCulture,
                    $"sweep of {sweep.Count:#,0} jobs, expanded and written, cold ({new FileInfo(file).Length / 1024:#,0} KiB on disk)");
            Timing.Line(what, $"{Timing.Show(elapsed)} ms", "", Timing.Size(allocated), "1,000 ms");
            Timing.Line(
                "the most memory that this process ever had", "", "", Timing.Size(Process.GetCurrentProcess().PeakWorkingSet64), "200 MiB");
        }
        finally
        {
            File.Delete(file);
        }
    }
}

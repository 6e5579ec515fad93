using System.Diagnostics;
using System.Globalization;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Bench.Composition;

/// <summary>A sweep of many jobs, expanded and written as a manifest. The memory is the most that this process ever had, the rounds before included.</summary>
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
            string what = string.Create(CultureInfo.InvariantCulture, $"sweep of {sweep.Count:#,0} jobs, expanded and written, cold ({new FileInfo(file).Length:#,0} bytes)");
            Timing.Line(what, $"{Timing.Show(elapsed)} ms", "", "1,000 ms");
            long peak = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
            Timing.Line("peak memory of the whole benchmark", string.Create(CultureInfo.InvariantCulture, $"{peak} MiB"), "", "200 MiB");
        }
        finally
        {
            File.Delete(file);
        }
    }
}

// Measures how long the largest accepted requests of every operation keep the embedded engine, and what memory they take:
//
//     dotnet run -c Release bench/limits.cs [-- FOLDER]
//
// Runs LargestRequests.cs against a simulated engine with fleets, with its state in FOLDER where one is given, and prints a table: the time
// to the answer, the longest time in which another request had no answer (how long the engine was kept, before and after the answer), the
// peak of memory above what was there, and what stays.
#:include LargestRequests.cs
#:project ../src/Refrag.Engine/Refrag.Engine.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property TreatWarningsAsErrors=false
#:property RunAnalyzers=false

using System.Diagnostics;
using System.Globalization;
using Refrag;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Options;
using Refrag.Engine.Tests;

var options = new LocalBatchOptions
{
    StateDirectory = args.Length > 0 ? args[0] : null,
    VCpus = new VCpus(100_000),
    Memory = new MebiBytes(100_000_000),
    GpuIds = [],
    Fleets = new FleetOptions(),
};
LocalBatch batch = (await LocalBatch.OpenAsync(options, "simulated")).Value;
var requests = new LargestRequests(batch);
Console.WriteLine("| request | answer | engine kept | peak | stays |\n|---|---|---|---|---|");
foreach ((string name, Func<Task> run) in requests.Steps)
{
    long before = Settled();
    File.WriteAllText("/proc/self/clear_refs", "5");
    long resident = Resident("VmRSS:");
    using var stop = new CancellationTokenSource();
    Task<double> kept = LongestAsync(stop.Token);
    long start = Stopwatch.GetTimestamp();
    try
    {
        await run();
    }
    catch (Exception e)
    {
        Console.Error.WriteLine($"{name}: {e.Message}");
    }
    double answer = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    // What follows from a request is followed up within the next messages.
    await Task.Delay(300);
    await stop.CancelAsync();
    double longest = await kept;
    long peak = Resident("VmHWM:") - resident;
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {answer:F0} ms | {longest:F0} ms | {peak / 1024.0:F1} MiB | {(Settled() - before) / 1_048_576.0:F1} MiB |"));
}
Console.WriteLine(
    $"\n{requests.Used.Count} of {LargestRequests.All.Count} operations; not used: "
        + $"{string.Join(", ", LargestRequests.All.Except(requests.Used))}");
Environment.Exit(0);

async Task<double> LongestAsync(CancellationToken until)
{
    double longest = 0;
    while (!until.IsCancellationRequested)
    {
        long start = Stopwatch.GetTimestamp();
        await batch.SendAsync(BatchOperations.ListSchedulingPolicies, new ListSchedulingPoliciesRequest(), CancellationToken.None);
        longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        await Task.Delay(1, CancellationToken.None);
    }
    return longest;
}

static long Settled()
{
    GC.Collect();
    GC.WaitForPendingFinalizers();
    return GC.GetTotalMemory(forceFullCollection: true);
}

// Kilobytes.
static long Resident(string line) =>
    long.Parse(
        File.ReadLines("/proc/self/status")
            .First(one => one.StartsWith(line, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(),
            CultureInfo.InvariantCulture);

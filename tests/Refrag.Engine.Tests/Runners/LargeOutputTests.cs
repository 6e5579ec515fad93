using System.Globalization;
using Refrag.Engine.Logs;
using Refrag.Engine.Tests.EndToEnd;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Tests.Runners;

/// <summary>A job that prints more than is kept: it is not held up, and neither memory nor disk grows with it.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class LargeOutputTests : IDisposable
{
    private const long Kept = 8 * 1_048_576;

    // A collection takes the processor from those that it is to measure.
    private static readonly TimeSpan s_betweenMeasurements = TimeSpan.FromMilliseconds(250);

    // REFRAG_LOG_MIB=1024 for the size that the documentation names.
    private static readonly long s_mebibytes =
        long.Parse(Environment.GetEnvironmentVariable("REFRAG_LOG_MIB") ?? "128", CultureInfo.InvariantCulture);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_HundredsOfMebibytes_TheLatestAreKeptInLittleMemory(bool durable)
    {
        var logs = new LogStore(Kept, durable ? _folder.At("logs") : null);
        LogStream log = EngineProcess.Log(logs);
        await using var runner = new ProcessRunner(TimeProvider.System, durable ? _folder.At("attempts") : null);
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        string script =
            string.Create(CultureInfo.InvariantCulture,
                $"yes 'a line that says nothing new, and is about eighty characters long, all of it' | "
                    + $"head -c {s_mebibytes}M; echo; echo the end");
        IRunningAttempt attempt = await runner.StartAsync(
            new AttemptStart
            {
                Command = ["/bin/sh", "-c", script],
                Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
                WorkingDirectory = "/",
                Identity = new AttemptIdentity("large"),
            },
            log,
            TestContext.Current.CancellationToken);
        long measured = 0;
        await Eventually.HoldsAsync(() =>
        {
            if (TimeProvider.System.GetElapsedTime(measured) < s_betweenMeasurements) return attempt.Exit.IsCompleted;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            measured = TimeProvider.System.GetTimestamp();
            return attempt.Exit.IsCompleted;
        }, "the attempt has ended");
        Assert.Equal(0, (await attempt.Exit).ExitCode);
        log.Complete();
        var (first, next) = log.Range;
        Assert.Equal("the end", log.Read(next - 1, 1).Events[0].Message);
        Assert.True(first > 0);
        // A fraction of what was printed: what is kept, and what is on its way between two collections.
        Assert.InRange(most - before, long.MinValue, 64 * 1_048_576);
        if (durable)
            Assert.InRange(
                Directory.EnumerateFiles(_folder.At("logs"), "*.lines", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
                1, Kept + 100_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{next} lines, {first} dropped, {(most - before) / 1_048_576} MiB at the peak");
    }
}

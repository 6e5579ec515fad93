using System.Collections.Concurrent;
using System.Diagnostics;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class UsageSamplerTests
{
    private static readonly UsagePace s_fast =
        new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));

    [Fact]
    public async Task Add_AProcessThatComputes_IsReportedWhileItRunsAndAtItsEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        await using UsageSampler sampler = new(TimeProvider.System, s_fast, gpus: null);
        using Process busy = Process.Start(new ProcessStartInfo("sh", ["-c", "while :; do :; done"]))!;
        ConcurrentQueue<AttemptUsage> reports = [];
        SampledAttempt attempt = sampler.Add(new UsageSource { Root = busy.Id, IsOwn = true }, reports.Enqueue);
        try
        {
            await Eventually.HoldsAsync(() => reports.Any(report => report.VCpusPeak > 0 && report.MemoryPeakMiB > 0));
        }
        finally
        {
            busy.Kill();
        }
        attempt.Finish(new EndedUse(1, 2_097_152));
        int count = reports.Count;
        attempt.Report();
        AttemptUsage last = reports.Last();
        Assert.True(last.IsFinal);
        Assert.Equal(2, last.LargestProcessMiB);
        Assert.Equal(count, reports.Count);
        Assert.DoesNotContain(reports.SkipLast(1), report => report.IsFinal);
    }

    [Fact]
    public async Task Finish_BeforeTheFirstSample_ReportsNothing()
    {
        await using UsageSampler sampler = new(TimeProvider.System, UsagePace.OfEngine(UsageSetting.Usual), gpus: null);
        List<AttemptUsage> reports = [];
        sampler.Add(new UsageSource { Root = Environment.ProcessId, IsOwn = true }, reports.Add).Finish(null);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task Add_AReportThatFails_HindersNoOther()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        await using UsageSampler sampler = new(TimeProvider.System, s_fast, gpus: null);
        ConcurrentQueue<AttemptUsage> reports = [];
        SampledAttempt failing = sampler.Add(Own, _ => throw new IOException("No space left on device"));
        SampledAttempt other = sampler.Add(Own, reports.Enqueue);
        await Eventually.HoldsAsync(() => reports.Count > 1);
        failing.Finish(null);
        other.Finish(null);
    }

    private static UsageSource Own => new() { Root = Environment.ProcessId, IsOwn = true };
}

using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class UsageMeterTests
{
    private const long Mebi = 1_048_576;

    [Fact]
    public void Usage_TimesOfProcessors_AreRatesBetweenSamplesAndOverAll()
    {
        UsageMeter meter = new(countsFromStart: true, hasOwnPeak: true);
        meter.Add(2, new UsageMeasure { CpuSeconds = 1 });
        meter.Add(4, new UsageMeasure { CpuSeconds = 7 });
        meter.Add(8, new UsageMeasure { CpuSeconds = 8 });
        AttemptUsage usage = meter.Usage(isFinal: false);
        Assert.Equal((1, 3, 8, 3), (usage.VCpusAverage, usage.VCpusPeak, usage.Seconds, usage.Samples));
    }

    [Fact]
    public void Usage_GroupThatHasCountedOthers_CountsFromTheFirstSample()
    {
        UsageMeter meter = new(countsFromStart: false, hasOwnPeak: false);
        meter.Add(2, new UsageMeasure { CpuSeconds = 100, MemoryPeakBytes = 900 * Mebi });
        meter.Add(4, new UsageMeasure { CpuSeconds = 101, MemoryPeakBytes = 900 * Mebi });
        AttemptUsage before = meter.Usage(isFinal: false);
        meter.Add(6, new UsageMeasure { CpuSeconds = 103, MemoryPeakBytes = 950 * Mebi });
        AttemptUsage after = meter.Usage(isFinal: false);
        Assert.Equal((0.5, null), (before.VCpusAverage, before.MemoryKernelPeakMiB));
        Assert.Equal((0.75, 950L), (after.VCpusAverage, after.MemoryKernelPeakMiB));
    }

    [Fact]
    public void Usage_Memory_IsAveragedOverTimeAndItsPeakIsTheLargestSample()
    {
        UsageMeter meter = new(countsFromStart: true, hasOwnPeak: true);
        meter.Add(1, new UsageMeasure { MemoryBytes = 100 * Mebi });
        meter.Add(4, new UsageMeasure { MemoryBytes = 20 * Mebi });
        AttemptUsage usage = meter.Usage(isFinal: false);
        Assert.Equal((40L, 100L, null), (usage.MemoryAverageMiB, usage.MemoryPeakMiB, usage.MemoryKernelPeakMiB));
    }

    [Fact]
    public void Usage_AfterTheEnd_HasWhatTheKernelCounted()
    {
        UsageMeter meter = new(countsFromStart: true, hasOwnPeak: true);
        meter.Add(1, new UsageMeasure { CpuSeconds = 0.5 });
        meter.End(4, new EndedUse(CpuSeconds: 6, LargestBytes: 300 * Mebi));
        AttemptUsage usage = meter.Usage(isFinal: true);
        Assert.Equal((true, 1.5, 300L, 4), (usage.IsFinal, usage.VCpusAverage, usage.LargestProcessMiB, usage.Seconds));
        // 5.5 seconds in the last three.
        Assert.Equal(1.833, usage.VCpusPeak);
        Assert.True(usage.VCpusPeak >= usage.VCpusAverage);
    }

    [Fact]
    public void Usage_LastIntervalTooShortToMeasure_HasNoPeakBelowTheAverage()
    {
        UsageMeter meter = new(countsFromStart: true, hasOwnPeak: true);
        meter.Add(1, new UsageMeasure { CpuSeconds = 0.5 });
        meter.End(1.1, new EndedUse(CpuSeconds: 0.88, LargestBytes: null));
        AttemptUsage usage = meter.Usage(isFinal: true);
        Assert.Equal((0.8, 0.8), (usage.VCpusAverage, usage.VCpusPeak));
    }

    [Fact]
    public void Usage_Gpus_HaveAveragesPeaksAndTheTimeThatTheyWereWatched()
    {
        UsageMeter meter = new(countsFromStart: true, hasOwnPeak: true);
        meter.Add(5, [new GpuSample("0", "GPU-a", "L4", 0, 100, 23034), new GpuSample("1", "GPU-b", "L4", null, null, null)]);
        meter.Add(65, [new GpuSample("0", "GPU-a", "L4", 90, 400, 23034), new GpuSample("1", "GPU-b", "L4", null, null, null)]);
        IReadOnlyList<GpuUsage> gpus = meter.Usage(isFinal: false).Gpus!;
        Assert.Equal(
            (2, 60, 45, 90, 400L, 23034L),
            (gpus[0].Samples, gpus[0].Seconds, gpus[0].BusyPercentAverage, gpus[0].BusyPercentPeak, gpus[0].MemoryPeakMiB,
                gpus[0].MemoryMiB));
        Assert.Equal(("1", null, null), (gpus[1].Id, gpus[1].BusyPercentPeak, gpus[1].MemoryPeakMiB));
    }

    [Fact]
    public void Usage_NothingKnown_IsNull()
    {
        UsageMeter meter = new(countsFromStart: false, hasOwnPeak: false);
        meter.Add(1, default(UsageMeasure));
        Assert.Equal(new AttemptUsage { Seconds = 1, Samples = 1 }, meter.Usage(isFinal: false));
    }
}

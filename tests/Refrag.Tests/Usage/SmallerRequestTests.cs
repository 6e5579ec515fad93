using Refrag.Scheduling;
using Refrag.Usage;

namespace Refrag.Tests.Usage;

public sealed class SmallerRequestTests
{
    private static readonly Amount s_asked = Amount.Of(8, 32768, 2);

    private static readonly AttemptUsage s_used = new()
    {
        Seconds = 600,
        Samples = 300,
        IsFinal = true,
        VCpusPeak = 1.2,
        MemoryPeakMiB = 1000,
        MemoryKernelPeakMiB = 1000,
    };

    [Fact]
    public void Of_LittleUsed_IsThePeaksAndAQuarterRoundedUp()
    {
        SmallerRequest smaller = Of(s_used);
        Assert.Equal(Amount.Of(2, 1280, 2), smaller.Proposed);
        Assert.Equal(["env.vcpus=2", "env.memory=1280"], smaller.Overrides);
        Assert.Empty(smaller.Notes);
    }

    [Theory]
    [InlineData(0.8, 1)]
    [InlineData(0.81, 2)]
    [InlineData(0, 1)]
    [InlineData(7.9, 8)]
    [InlineData(20, 8)]
    public void Of_Processors_AreWholeAtLeastOneAndNeverMoreThanAsked(double peak, int vcpus) =>
        Assert.Equal(vcpus * 1000, Of(s_used with { VCpusPeak = peak }).Proposed.MilliVCpus);

    [Fact]
    public void Of_AllUsed_IsNotSmaller()
    {
        SmallerRequest same = Of(s_used with { VCpusPeak = 8, MemoryPeakMiB = 32000, MemoryKernelPeakMiB = 32768 });
        Assert.False(same.IsSmaller);
        Assert.Empty(same.Overrides);
    }

    [Fact]
    public void Of_NothingKnown_IsWhatWasAsked() =>
        Assert.Equal(s_asked, Of(new AttemptUsage { Seconds = 1, Samples = 1 }).Proposed);

    [Fact]
    public void Of_PeakOfTheKernelWithCachedFiles_CountsAndTheSamplesAreANote()
    {
        SmallerRequest smaller = Of(s_used with { MemoryKernelPeakMiB = 20000 });
        Assert.Equal(25088, smaller.Proposed.MemoryMiB);
        Assert.Contains("env.memory=1280", Assert.Single(smaller.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SamplesOfMemoryAlone_SaysThatAPeakMayBeMissed()
    {
        SmallerRequest smaller = Of(s_used with { MemoryKernelPeakMiB = null, LargestProcessMiB = 2000 });
        Assert.Equal(2560, smaller.Proposed.MemoryMiB);
        Assert.Contains("not seen", Assert.Single(smaller.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_KernelsPeakOfOnePart_DoesNotHideALargerSampleOfAnother()
    {
        JobUsage used = JobUsage.Of(
        [
            new PartUsage(0, 1, s_used),
            new PartUsage(1, 1, s_used with { MemoryPeakMiB = 5000, MemoryKernelPeakMiB = null }),
        ])!;
        var smaller = SmallerRequest.Of(s_asked, used);
        Assert.Equal(6400, smaller.Proposed.MemoryMiB);
        Assert.Contains("not seen", Assert.Single(smaller.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_GpuThatDidNothing_IsNotAskedFor()
    {
        SmallerRequest smaller = Of(s_used with { Gpus = [Gpu("0", 90, 9000), Gpu("1", 0, 3)] });
        Assert.Equal(1, smaller.Proposed.Gpus);
        Assert.Equal(
            "1 of its GPUs did not compute in any of 10 samples over 300 s; work between two samples is not seen.",
            Assert.Single(smaller.Notes));
    }

    [Fact]
    public void Of_GpuThatWasWatchedForLessThanAMinute_StaysWithANote()
    {
        SmallerRequest smaller = Of(s_used with { Gpus = [Gpu("0", 90, 9000), Gpu("1", 0, 3) with { Seconds = 59 }] });
        Assert.Equal(2, smaller.Proposed.Gpus);
        Assert.Contains("less than 60 s", Assert.Single(smaller.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9000)]
    [InlineData(256)]
    public void Of_GpuThatHeldMemoryAndDidNotCompute_StaysWithANote(long memory)
    {
        SmallerRequest smaller = Of(s_used with { Gpus = [Gpu("0", 90, 9000), Gpu("1", 0, memory)] });
        Assert.Equal(2, smaller.Proposed.Gpus);
        Assert.Contains("held memory", Assert.Single(smaller.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_GpuThatDoesNotReportItsWork_Stays() =>
        Assert.Equal(2, Of(s_used with { Gpus = [Gpu("0", null, 3), Gpu("1", null, 3)] }).Proposed.Gpus);

    [Fact]
    public void Of_AnEndThatWasNotSeen_SaysSo() =>
        Assert.Contains("so far", Assert.Single(Of(s_used with { IsFinal = false }).Notes), StringComparison.Ordinal);

    private static SmallerRequest Of(AttemptUsage used) => SmallerRequest.Of(s_asked, new JobUsage(1, 1, used));

    private static GpuUsage Gpu(string id, double? busy, long memory) =>
        new() { Id = id, Samples = 10, Seconds = 300, BusyPercentAverage = busy, BusyPercentPeak = busy, MemoryPeakMiB = memory };
}

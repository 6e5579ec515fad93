namespace Refrag.Core.Tests.Usage;

public sealed class UsageLineTests
{
    private static readonly AttemptUsage s_usage = new()
    {
        Seconds = 12.5,
        Samples = 6,
        VCpusPeak = 1.25,
        MemoryPeakMiB = 700,
        Gpus = [new GpuUsage { Id = "0", Samples = 3, BusyPercentPeak = 0 }],
    };

    [Fact]
    public void Parse_WhatFormatWrites_IsTheSame()
    {
        AttemptUsage read = UsageLine.Parse(UsageLine.Format(s_usage))!;
        Assert.Equal(s_usage with { Gpus = null }, read with { Gpus = null });
        Assert.Equal(s_usage.Gpus, read.Gpus);
    }

    [Theory]
    [InlineData("step 1")]
    [InlineData("refrag-usage: the job's own words")]
    [InlineData("refrag-usage: {\"seconds\":1,")]
    public void Parse_NoUsage_IsNullAndTheLineIsTheJobs(string line)
    {
        Assert.Null(UsageLine.Parse(line));
        Assert.Equal(line, UsageLine.WithoutUsage(line));
    }

    [Fact]
    public void WithoutUsage_AUsageAlone_IsNothing() => Assert.Null(UsageLine.WithoutUsage(UsageLine.Format(s_usage)));

    [Fact]
    public void WithoutUsage_BehindALineWithoutItsEnd_IsThatLine() =>
        Assert.Equal("50 %", UsageLine.WithoutUsage("50 %" + UsageLine.Format(s_usage)));

    [Fact]
    public void Format_MembersThatAreNotKnown_AreLeftOutAndTheLineIsShort()
    {
        string line = UsageLine.Format(s_usage);
        Assert.DoesNotContain("null", line, StringComparison.Ordinal);
        // A write of at most PIPE_BUF bytes is not mixed with what others write. (pipe(7))
        Assert.True(line.Length < 4096, line);
    }
}

using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class UsagePaceTests
{
    private static readonly UsagePace s_pace = UsagePace.OfLogs(TimeSpan.FromSeconds(2));

    [Theory]
    [InlineData(0.1, 2_000)]
    [InlineData(1, 2_000)]
    [InlineData(10, 20_000)]
    [InlineData(50, 30_000)]
    public void After_ARound_RestsTwoThousandTimesItsCostWithinLimits(double costMs, double pauseMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pauseMs), s_pace.After(TimeSpan.FromMilliseconds(costMs)));

    [Fact]
    public void After_AnIntervalAboveTheLongestRest_IsTheInterval() => Assert.Equal(
        TimeSpan.FromMinutes(1), UsagePace.OfLogs(TimeSpan.FromMinutes(1)).After(TimeSpan.FromMilliseconds(50)));

    [Theory]
    [InlineData(0.1, 1, 100)]
    [InlineData(0.1, 10, 1_000)]
    [InlineData(1, 10, 10_000)]
    public void After_AShorterIntervalThanUsual_RestsLessInTheSameMeasure(double interval, double costMs, double pauseMs) => Assert.Equal(
        TimeSpan.FromMilliseconds(pauseMs),
        UsagePace.OfLogs(TimeSpan.FromSeconds(interval)).After(TimeSpan.FromMilliseconds(costMs)));

    [Theory]
    [InlineData(1, 15_000)]
    [InlineData(30, 60_000)]
    [InlineData(5_000, 600_000)]
    public void AfterGpus_AQuestion_RestsTwoThousandTimesItsCostWithinLimits(double costMs, double pauseMs) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pauseMs), s_pace.AfterGpus(TimeSpan.FromMilliseconds(costMs)));

    [Fact]
    public void OfLogs_Reports_AreFew() => Assert.Equal(
        (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), (s_pace.FirstReport, s_pace.LongestPause));
}

using Refrag.Cli.Connections;

namespace Refrag.Cli.Tests.Connections;

public sealed class ExpectedStartTests
{
    private static readonly DateTimeOffset s_now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);

    // An interval is printed if it is at most half as wide as the time to its middle, or at most a minute wide.
    [Theory]
    [InlineData(90, 100, 140, "in 1h 30m to 2h 20m")]
    [InlineData(90, 100, 141, "probably not before 1h 30m from now")]
    [InlineData(90, 100, null, "probably not before 1h 30m from now")]
    [InlineData(90, null, null, "probably not before 1h 30m from now")]
    [InlineData(0, 30, 60, "at any time")]
    [InlineData(-1, null, null, "at any time")]
    public void ToString_Interval_IsPrintedOnlyIfItIsNarrow(int earliest, int? middle, int? latest, string expected) =>
        Assert.Equal(expected, Of(earliest * 60, middle * 60, latest * 60));

    [Theory]
    [InlineData(0, 30, 60, "in 0s to 1m 0s")]
    [InlineData(0, 30, 61, "at any time")]
    [InlineData(1, 2, 3, "in 1s to 3s")]
    [InlineData(30, 60, 90, "in 30s to 1m 30s")]
    [InlineData(30, 60, 91, "probably not before 30s from now")]
    public void ToString_IntervalOfAMinute_IsPrintedHoweverNearItIs(int earliest, int? middle, int? latest, string expected) =>
        Assert.Equal(expected, Of(earliest, middle, latest));

    private static string Of(int earliest, int? middle, int? latest) => new ExpectedStart
    {
        AskedAt = s_now,
        Earliest = s_now.AddSeconds(earliest),
        Middle = middle is { } half ? s_now.AddSeconds(half) : null,
        Latest = latest is { } last ? s_now.AddSeconds(last) : null,
        LevelPercent = 90,
        Assumptions = [],
    }.ToString();
}

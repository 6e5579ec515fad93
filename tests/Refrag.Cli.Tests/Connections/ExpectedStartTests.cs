using Refrag.Cli.Connections;

namespace Refrag.Cli.Tests.Connections;

public sealed class ExpectedStartTests
{
    private static readonly DateTimeOffset s_now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);

    // An interval is printed if it is at most half as wide as the time to its middle.
    [Theory]
    [InlineData(90, 100, 140, "in 1h 30m to 2h 20m")]
    [InlineData(90, 100, 141, "not before 1h 30m from now, most likely")]
    [InlineData(90, 100, null, "not before 1h 30m from now, most likely")]
    [InlineData(90, null, null, "not before 1h 30m from now, most likely")]
    public void ToString_Interval_IsPrintedOnlyIfItIsNarrow(int earliest, int? middle, int? latest, string expected) => Assert.Equal(
        expected,
        new ExpectedStart
        {
            AskedAt = s_now,
            Earliest = s_now.AddMinutes(earliest),
            Middle = middle is { } half ? s_now.AddMinutes(half) : null,
            Latest = latest is { } last ? s_now.AddMinutes(last) : null,
            LevelPercent = 90,
            Assumptions = [],
        }.ToString());
}

using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Context;

public sealed class PriceDatesTests
{
    private static readonly DateOnly s_today = new(2026, 8, 10);

    [Fact]
    public void Text_NoDate_SaysSo() => Assert.Equal("without a date", PriceDates.Text([null], new Noon()));

    [Fact]
    public void Text_OneDate_IsNamedOnce() => Assert.Equal("of 2026-08-10", PriceDates.Text([s_today, null, s_today], new Noon()));

    [Fact]
    public void Text_SeveralDates_AreARange() =>
        Assert.Equal("of 2026-07-01 to 2026-08-10", PriceDates.Text([s_today, new DateOnly(2026, 7, 1)], new Noon()));

    // Prices older than 90 days are marked as stale, with their age. (docs/guides/see.md)
    [Theory]
    [InlineData(90, false)]
    [InlineData(91, true)]
    public void Text_OldestIsOld_IsMarkedWithItsAge(int days, bool isStale)
    {
        string text = PriceDates.Text([s_today.AddDays(-days), s_today], new Noon());

        Assert.Equal(isStale, text.Contains($"stale: up to {days} days old", StringComparison.Ordinal));
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);
    }
}

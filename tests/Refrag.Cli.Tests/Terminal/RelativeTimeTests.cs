using Refrag.Cli.Terminal;

namespace Refrag.Cli.Tests.Terminal;

public sealed class RelativeTimeTests
{
    private static readonly DateTimeOffset s_now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m 0s")]
    [InlineData(3599, "59m 59s")]
    [InlineData(3600 + 600, "1h 10m")]
    [InlineData((2 * 86400) + (4 * 3600) + 59, "2d 4h")]
    [InlineData(400 * 86400, "400d 0h")]
    public void Length_Seconds_HasTheTwoLargestUnits(int seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Length(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(null, "")]
    [InlineData(0L, "")]
    public void Ago_NoTime_IsEmpty(long? milliseconds, string expected) => Assert.Equal(expected, RelativeTime.Ago(milliseconds, s_now));

    [Fact]
    public void Ago_Time_IsHowLongItIsPast() =>
        Assert.Equal("1m 30s", RelativeTime.Ago(s_now.AddSeconds(-90).ToUnixTimeMilliseconds(), s_now));

    [Theory]
    [InlineData(-303, "2026-08-10 13:54:57 +02:00 (5m 3s ago)")]
    [InlineData(60, "2026-08-10 14:01:00 +02:00 (in 1m 0s)")]
    public void Whole_PastOrFuture_HasTheZoneOfThisMachine(int seconds, string expected) =>
        Assert.Equal(expected, RelativeTime.Whole(s_now.AddSeconds(seconds), new TwoHoursEast()));

    private sealed class TwoHoursEast : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } =
            TimeZoneInfo.CreateCustomTimeZone("somewhere", TimeSpan.FromHours(2), null, null);

        public override DateTimeOffset GetUtcNow() => s_now;
    }
}

using System.Globalization;
using Refrag.Cli.Connections;

namespace Refrag.Cli.Tests.Connections;

public sealed class SinceTests
{
    [Theory]
    [InlineData("8h", "2026-08-10T04:00:00Z")]
    [InlineData("2026-08-10", "2026-08-09T15:00:00Z")]
    [InlineData("2026-08-10T14:00", "2026-08-10T05:00:00Z")]
    [InlineData("2026-08-10T04:00Z", "2026-08-10T04:00:00Z")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00Z")]
    public void Read_LengthOrDate_IsATimeInThisZone(string text, string expected)
    {
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Since.Read(text, new NoonIn(9)).Value);
    }

    [Theory]
    [InlineData("9999-12-31T23:59", -12)]
    [InlineData("9999-12-31T23:59", 14)]
    [InlineData("2026-08-10T12:01", 0)]
    public void Read_Future_IsAProblem(string text, int zone) =>
        Assert.Equal("RF5027", Assert.Single(Since.Read(text, new NoonIn(zone)).Problems).Code);

    [Theory]
    [InlineData("99999999d")]
    [InlineData("-5h")]
    [InlineData("h")]
    public void Read_NoTime_IsAProblem(string text) =>
        Assert.Equal("RF5021", Assert.Single(Since.Read(text, new NoonIn(0)).Problems).Code);

    private sealed class NoonIn(int hours) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } =
            TimeZoneInfo.CreateCustomTimeZone("somewhere", TimeSpan.FromHours(hours), null, null);

        public override DateTimeOffset GetUtcNow() => new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);
    }
}

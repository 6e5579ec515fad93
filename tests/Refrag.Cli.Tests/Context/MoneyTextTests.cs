using System.Globalization;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Context;

public sealed class MoneyTextTests
{
    [Theory]
    [InlineData(null, "?")]
    [InlineData("0", "$0.00")]
    [InlineData("0.0001", "<$0.01")]
    [InlineData("0.01", "$0.01")]
    [InlineData("1.546", "$1.55")]
    [InlineData("1234.5", "$1234.50")]
    public void Of_Amount_IsInCents(string? usd, string text) =>
        Assert.Equal(text, MoneyText.Of(usd is null ? null : decimal.Parse(usd, CultureInfo.InvariantCulture)));

    [Fact]
    public void PerHour_Price_IsToAHundredthOfACent()
    {
        Assert.Equal("0.0850", MoneyText.PerHour(0.085m));
        Assert.Equal("?", MoneyText.PerHour(null));
    }
}

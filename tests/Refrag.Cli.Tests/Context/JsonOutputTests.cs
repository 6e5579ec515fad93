using System.Globalization;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Context;

public sealed class JsonOutputTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1.2345678", "1.234568")]
    [InlineData("0.0000006", "0.000001")]
    [InlineData("0.0000004", "0.0000004")]
    [InlineData("-0.0000004", "-0.0000004")]
    [InlineData("0.00000012345", "0.00000012")]
    [InlineData("0.0000000678", "0.000000068")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    public void Rounded_Amount_IsToAMillionthAndNeverNothing(string usd, string rounded) =>
        Assert.Equal(rounded, JsonOutput.Rounded(decimal.Parse(usd, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Rounded_NoAmount_IsNone() => Assert.Null(JsonOutput.Rounded(null));
}

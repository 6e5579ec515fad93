using CsCheck;
using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class DurationTests
{
    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("90m", 5400)]
    [InlineData("8h", 28800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d12h", 129600)]
    [InlineData("45s", 45)]
    public void Parse_Duration_IsInSeconds(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("8 hours")]
    [InlineData("-5m")]
    [InlineData("m")]
    [InlineData("30m1h")]
    [InlineData("1.5h")]
    [InlineData("999999999999")]
    public void Parse_Nonsense_IsNull(string text) => Assert.Null(Duration.Parse(text));

    [Fact]
    public void Parse_OfFormat_IsTheSame() => Gen.Int[0, 100_000_000].Sample(seconds =>
    {
        var time = TimeSpan.FromSeconds(seconds);
        Assert.Equal(time, Duration.Parse(Duration.Format(time)));
    });
}

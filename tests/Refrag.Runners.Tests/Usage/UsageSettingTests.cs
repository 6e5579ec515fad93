using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class UsageSettingTests
{
    [Theory]
    [InlineData(null, 2)]
    [InlineData("", 2)]
    [InlineData("0.5", 0.5)]
    [InlineData("60", 60)]
    public void Read_ATime_IsTheInterval(string? text, double seconds) =>
        Assert.Equal(new UsageSetting(TimeSpan.FromSeconds(seconds), IsWrong: false), UsageSetting.Read(text));

    [Fact]
    public void Read_Off_IsNone() => Assert.Equal(new UsageSetting(null, IsWrong: false), UsageSetting.Read("off"));

    [Theory]
    [InlineData("often")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("4000")]
    public void Read_AnythingElse_IsWrongAndTheUsual(string text) =>
        Assert.Equal(new UsageSetting(UsageSetting.Usual, IsWrong: true), UsageSetting.Read(text));
}

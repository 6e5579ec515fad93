using CsCheck;
using Refrag.Engine.Jobs.Rules;

namespace Refrag.Engine.Tests.Jobs.Rules;

public sealed class EndPatternTests
{
    [Theory]
    [InlineData("137", "137", true)]
    [InlineData("137", "1", false)]
    [InlineData("1", "137", false)]
    [InlineData("1*", "137", true)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("Host EC2*", "Host EC2 (instance i-0123) terminated.", true)]
    [InlineData("host ec2*", "Host EC2 (instance i-0123) terminated.", false)]
    public void Matches_PatternAndText_Agree(string pattern, string text, bool expected) =>
        Assert.Equal(expected, EndPattern.Matches(pattern, text));

    [Fact]
    public void Matches_AnyBeginningWithStar_MatchesItsText() => Gen.Select(Gen.String[0, 20], Gen.Int[0, 20])
        .Sample((text, cut) => Assert.True(EndPattern.Matches(text[..Math.Min(cut, text.Length)] + "*", text)));
}

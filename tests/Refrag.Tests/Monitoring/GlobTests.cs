using Refrag.Monitoring;

namespace Refrag.Tests.Monitoring;

public sealed class GlobTests
{
    [Theory]
    [InlineData("train-*", "train-1", true)]
    [InlineData("train-*", "train", false)]
    [InlineData("*", "", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*a*b", "xaxxab", true)]
    [InlineData("*a*b", "xaxxac", false)]
    [InlineData("Train", "train", false)]
    public void Matches_Pattern_DecidesTheWholeName(string pattern, string name, bool expected) =>
        Assert.Equal(expected, Glob.Matches(pattern, name));

    [Fact]
    public void Matches_ManyStars_TakesNoExponentialTime() =>
        Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 60)) + "b", new string('a', 5000)));
}

using CsCheck;

namespace Refrag.Core.Tests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("trian", "train")]
    [InlineData("Train", "train")]
    [InlineData("helo_dist", "hello_dist")]
    [InlineData("awsbtach", "awsbatch")]
    public void Nearest_NearName_IsFound(string typed, string expected) =>
        Assert.Equal(expected, Suggestion.Nearest(typed, ["hello_dist", "train", "awsbatch", "local"]));

    [Fact]
    public void Nearest_NothingNear_IsNull() => Assert.Null(Suggestion.Nearest("kubernetes", ["train", "local"]));

    [Fact]
    public void Nearest_AnyOneLetterMissing_IsFound() =>
        Gen.Int[0, 9].Sample(at => Assert.Equal("hello_dist", Suggestion.Nearest("hello_dist".Remove(at, 1), ["hello_dist", "train"])));
}

using Refrag.Engine.Logs;

namespace Refrag.Engine.Tests.Logs;

public sealed class FilterPatternTests
{
    [Theory]
    [InlineData(null, "anything", true)]
    [InlineData("ERROR", "an ERROR here", true)]
    [InlineData("ERROR", "an error here", false)]
    [InlineData("ERROR disk", "disk: ERROR", true)]
    [InlineData("ERROR disk", "ERROR only", false)]
    [InlineData("\"no space\"", "there is no space", true)]
    [InlineData("\"no space\"", "space no", false)]
    [InlineData("?one ?two", "it is two", true)]
    [InlineData("?one ?two", "it is three", false)]
    [InlineData("ERROR -harmless", "ERROR harmless", false)]
    [InlineData("ERROR -harmless", "ERROR real", true)]
    [InlineData("%exit [1-9]%", "exit 3", true)]
    [InlineData("%exit [1-9]%", "exit 0", false)]
    public void Matches_PlainPatterns_AsCloudWatchDoes(string? pattern, string line, bool expected) =>
        Assert.Equal(expected, FilterPattern.Parse(pattern)!.Matches(line));

    [Theory]
    [InlineData("{ $.level = \"ERROR\" }")]
    [InlineData("[ip, user, status=404]")]
    [InlineData("%(%")]
    [InlineData(@"%(a)\1%")]
    public void Parse_NotUnderstood_GivesNull(string pattern) => Assert.Null(FilterPattern.Parse(pattern));
}

using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Tests.Jobs.Plans;

public sealed class NodeRangeTests
{
    [Theory]
    [InlineData("2", 2, 2)]
    [InlineData("0:3", 0, 3)]
    [InlineData("1:", 1, 3)]
    [InlineData(":2", 0, 2)]
    [InlineData(":", 0, 3)]
    public void Read_Range_GivesItsEnds(string text, int first, int last) =>
        Assert.Equal(new NodeRange(first, last), NodeRange.Read(text, 4));

    [Theory]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("0:4")]
    [InlineData("3:1")]
    [InlineData("-1")]
    [InlineData("a:b")]
    [InlineData("0:1:2")]
    [InlineData(" 1")]
    public void Read_NoRangeOfFourNodes_IsNull(string text) => Assert.Null(NodeRange.Read(text, 4));
}

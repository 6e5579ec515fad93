using Refrag.Cli.Following;

namespace Refrag.Cli.Tests.Following;

public sealed class LocalLogTests
{
    [Theory]
    [InlineData("id", "")]
    [InlineData("id:3", "[3] ")]
    [InlineData("id#0", "[0] ")]
    [InlineData("id#12", "[12] ")]
    public void MarkOf_Part_IsItsNumber(string id, string mark) => Assert.Equal(mark, LocalLog.MarkOf(id));
}

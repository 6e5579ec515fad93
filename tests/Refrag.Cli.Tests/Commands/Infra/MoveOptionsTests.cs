using System.CommandLine;
using Refrag.Cli.Commands.Infra;
using Refrag.Infrastructure;

namespace Refrag.Cli.Tests.Commands.Infra;

public sealed class MoveOptionsTests
{
    // A timer takes at most 49 days; --wait is compared with a clock only.
    [Theory]
    [InlineData("--poll", "30s", "")]
    [InlineData("--poll", "1d", "")]
    [InlineData("--poll", "25h", "RF6035")]
    [InlineData("--poll", "60d", "RF6035")]
    [InlineData("--poll", "0", "RF6035")]
    [InlineData("--wait", "0", "")]
    [InlineData("--wait", "60d", "")]
    [InlineData("--wait", "soon", "RF6035")]
    public void Read_LengthOfTime_IsOneThatCanBeWaited(string option, string text, string code)
    {
        MoveOptions options = new();
        Command verb = new("migrate");
        options.AddTo(verb);
        Result<LayoutMoveOptions> read = options.Read(verb.Parse([option, text]));
        Assert.Equal(code, string.Join(',', read.Problems.Select(p => p.Code)));
    }
}

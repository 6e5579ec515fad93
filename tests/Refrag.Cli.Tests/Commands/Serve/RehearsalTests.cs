using Refrag.Apps;
using Refrag.Cli.Commands.Serve;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Commands.Serve;

public sealed class RehearsalTests
{
    // A timer takes at most 49 days. Beyond that, the change would never end.
    [Theory]
    [InlineData("5s", "")]
    [InlineData("7d", "")]
    [InlineData("8d", "RF5032")]
    [InlineData("50d", "RF5032")]
    [InlineData("9999d", "RF5032")]
    [InlineData("soon", "RF5032")]
    public void Read_Latency_IsATimeThatATimerCanWait(string latency, string code)
    {
        using var signals = new Signals();
        var context = new CliContext
        {
            Terminal =
                new Cli.Terminal.Terminal(
                    TextWriter.Null, TextWriter.Null, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
            Apps = new AppRegistry(),
            Time = TimeProvider.System,
            Variable = static _ => null,
            WorkingDirectory = "/",
            Signals = signals,
        };
        Result<Rehearsal> read = Rehearsal.Read(context, new ServeOptions { Urls = [], Runner = "simulated", Latency = latency });
        Assert.Equal(code, string.Join(',', read.Problems.Select(p => p.Code)));
        if (code.Length > 0) Assert.Contains($"--latency={latency}", read.Problems[0].What, StringComparison.Ordinal);
    }
}

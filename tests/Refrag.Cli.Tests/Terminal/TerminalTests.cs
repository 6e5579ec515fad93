namespace Refrag.Cli.Tests.Terminal;

public sealed class TerminalTests
{
    private static readonly Problem s_problem = new() { Code = "RF2001", What = "It is wrong", Cure = "Mend it." };

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, "1", false)]
    [InlineData(true, "", true)]
    [InlineData(false, null, false)]
    public void Problems_Colours_OnlyOnATerminalThatWantsThem(bool isTerminal, string? noColor, bool coloured)
    {
        var error = new StringWriter();
        new Cli.Terminal.Terminal(TextWriter.Null, error, name => name == "NO_COLOR" ? noColor : null, isTerminal, isTerminal).Problems(
            [s_problem]);

        Assert.Equal(coloured, error.ToString().Contains('\u001b'));
        Assert.Contains("RF2001 It is wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_Several_AreCounted()
    {
        var error = new StringWriter();
        new Cli.Terminal.Terminal(TextWriter.Null, error, _ => null, false, false).Problems([s_problem, s_problem]);
        Assert.EndsWith("2 problems; nothing was sent.\n", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_ReaderGone_DoesNotEndTheProgram()
    {
        var terminal = new Cli.Terminal.Terminal(new ClosedPipe(), TextWriter.Null, _ => null, false, false);
        Assert.Null(Record.Exception(() => terminal.Output("line")));
    }

    [Fact]
    public void Status_ThenOutput_IsTakenAway()
    {
        var both = new StringWriter();
        var terminal = new Cli.Terminal.Terminal(both, both, _ => null, true, true);

        terminal.Status("asking");
        terminal.Output("row");

        Assert.EndsWith("\r\u001b[Krow\n", both.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Status_NoTerminal_SaysNothing()
    {
        var error = new StringWriter();
        new Cli.Terminal.Terminal(TextWriter.Null, error, _ => null, true, false).Status("asking");
        Assert.Empty(error.ToString());
    }

    private sealed class ClosedPipe : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Broken pipe");
    }
}

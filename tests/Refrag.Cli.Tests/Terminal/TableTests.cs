using Refrag.Cli.Terminal;

namespace Refrag.Cli.Tests.Terminal;

public sealed class TableTests
{
    private static readonly Column[] s_columns = [new("ID"), new("NAME", Least: 6), new("NOTE", Least: 6, Drop: 1)];

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(30)]
    [InlineData(20)]
    public void Line_NarrowTerminal_NeverExceedsIt(int width)
    {
        Cell[][] rows = [["12345678", "a-rather-long-name-of-a-job", "a note without any use"], ["1", "b", ""]];
        int[] widths = Table.Widths(s_columns, rows, width);

        Assert.All(rows, row => Assert.InRange(Cell.TextOf(Table.Line(s_columns, widths, row, cut: true)).Length, 1, width));
        Assert.True(widths[0] == 8, "An id is never cut.");
    }

    [Fact]
    public void Line_Pipe_CutsNothing()
    {
        using StringWriter output = new();
        var table =
            new Table(new Cli.Terminal.Terminal(output, TextWriter.Null, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
                s_columns);
        table.Add("1", new string('n', 300), "note");
        table.Flush();

        Assert.Contains(new string('n', 300), output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Fact]
    public void Add_ManyRows_PrintsBeforeTheEnd()
    {
        using StringWriter output = new();
        var table =
            new Table(new Cli.Terminal.Terminal(output, TextWriter.Null, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
                s_columns);
        for (int i = 0; i < 200; i++) table.Add($"{i}", "n", "");

        Assert.Equal(201, output.ToString().Count(c => c == '\n'));
    }
}

using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Refrag.CommandTables;
using Refrag.Sweeps;

namespace Refrag.Tests.Sweeps;

public sealed class CommandTableTests
{
    private static readonly Gen<int[]> s_shape = Gen.Int[1, 5].Array[1, 4];
    private static readonly Gen<string> s_text =
        Gen.OneOf(
            Gen.Int[-20, 20].Select(n => n.ToString(CultureInfo.InvariantCulture)), Gen.String[Gen.Char["aB9./-_\"'{}:, $\\é\n"], 0, 6]);

    [Fact]
    public void Build_OneAxisAWord_SharesTheRest()
    {
        CommandTable table = Table([2, 3], (a, b) => ["train", $$"""{"lr":{{a}},"seed":{{b}}}"""]);

        Assert.Equal(
            """{"jobs":"0-5","shape":[2,3],"columns":[{"axis":0,"values":["0","1"]},{"axis":1,"first":0,"step":1,"count":3}],"command":"""
                + """["train",["{\"lr\":",0,",\"seed\":",1,"}"]]}""",
            CommandTableText.Write(table));
    }

    [Fact]
    public void Build_ValueInSeveralWords_HasOneColumn() =>
        Assert.Equal(2,
            Table([2, 3], (a, b) => ["--lr", $"0.{a}", "--out", $"runs/lr=0.{a}_s{b}", $"{b}"]).Columns.Count(
                c => c is ListColumn { Values: ["0.0", "0.1"] } or CountColumn));

    [Fact]
    public void Build_TenThousandSeeds_TakesNoRoom()
    {
        CommandTable table = Table([100, 100], (a, b) => ["train", $$"""{"lr":{{a * 3}},"out":"runs/{{a * 3}}/{{b}}"}"""]);

        Assert.All(table.Columns, column => Assert.IsType<CountColumn>(column));
        Assert.InRange(CommandTableText.Write(table).Length, 1, 400);
    }

    [Fact]
    public void Build_AnyCommands_GivesEachChildItsOwn() => s_shape.SelectMany(shape => Gen.Select(
        Gen.Const(shape), s_text.Array[2].Array[Size(shape)], Gen.Bool.Array[Size(shape)])).Sample((shape, commands, chosen) =>
    {
        int[] jobs = [.. Enumerable.Range(0, commands.Length).Where(i => chosen[i] || i == 0)];
        // Build verifies itself; what it wrote must say the same once more.
        CommandTable built = CommandTableBuilder.Build(jobs, [.. jobs.Select(job => commands[job])], shape);
        foreach (string text in (string[])[CommandTableText.Write(built), CommandTableText.Compress(built)])
        {
            CommandTable table = CommandTableText.Parse(text)!;
            for (int child = 0; child < jobs.Length; child++) Assert.Equal(commands[jobs[child]], table.CommandOf(child));
        }
    });

    [Fact]
    public void Build_CommandsMadeOfAxes_NeedsNoColumnAChild() => s_shape.Sample(shape =>
    {
        int[] jobs = [.. Enumerable.Range(0, Size(shape))];
        IReadOnlyList<string>[] commands = [.. jobs.Select(
            job => (string[])[string.Join('/', shape.Select((_, axis) => $"v{CommandTable.PlaceOn(axis, job, shape)}"))])];
        Assert.All(CommandTableBuilder.Build(jobs, commands, shape).Columns, column => Assert.NotNull(column.Axis));
    });

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("br:")]
    [InlineData("br:AAAA")]
    [InlineData("br:***")]
    [InlineData("""{"jobs":"0-3","shape":[2],"columns":[{"axis":1,"values":["a","b"]}],"command":[[0]]}""")]
    [InlineData("""{"jobs":"0-3","shape":[2],"columns":[{"axis":0,"values":["a"]}],"command":[[0]]}""")]
    [InlineData("""{"jobs":"0-3","shape":[2],"columns":[{"values":["a"]}],"command":[[0]]}""")]
    [InlineData("""{"jobs":"0-3","shape":[2],"columns":[],"command":[[0]]}""")]
    [InlineData("""{"jobs":"0-3","shape":[0],"columns":[],"command":["a"]}""")]
    [InlineData("""{"jobs":"3-0","shape":[2],"columns":[],"command":["a"]}""")]
    [InlineData("""{"jobs":"0-3","shape":[2],"columns":[],"command":[null]}""")]
    public void Parse_SomethingElse_IsNoTable(string text) => Assert.Null(CommandTableText.Parse(text));

    [Fact]
    public void Parse_AnyText_NeverThrows() => Gen.String.Sample(text => _ = CommandTableText.Parse(text));

    [Fact]
    public async Task Shell_AnyCommands_GivesEachChildTheSameWords()
    {
        int[] shape = [2, 3, 2];
        int[] jobs = [0, 1, 2, 3, 5, 7, 8, 11];
        string[] odd = ["", "it's", "a b", "$HOME", "\"", "\\n", "*", "-n"];
        IReadOnlyList<string>[] commands = [.. jobs.Select(
            (job, child) => (string[])["printf", "%s|", $"lr={job / 6}", odd[child], $"{-3 * (job / 2 % 3)}/x{job % 2}", "$(exit 1)"])];
        CommandTable table = CommandTableBuilder.Build(jobs, commands, shape);
        IReadOnlyList<string> wrapped = CommandTableShell.Wrap(table);

        for (int child = 0; child < jobs.Length; child++)
        {
            ProcessStartInfo start = new(wrapped[0], [.. wrapped.Skip(1)]) { UseShellExecute = false, RedirectStandardOutput = true };
            start.Environment["AWS_BATCH_JOB_ARRAY_INDEX"] = $"{child}";
            using Process shell = Process.Start(start)!;
            string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal(string.Concat(commands[child].Skip(2).Select(word => word + "|")), output);
        }
    }

    private static int Size(int[] shape) => shape.Aggregate(1, (all, length) => all * length);

    private static CommandTable Table(int[] shape, Func<int, int, string[]> command)
    {
        int[] jobs = [.. Enumerable.Range(0, Size(shape))];
        return CommandTableBuilder.Build(jobs, [.. jobs.Select(job => command(job / shape[1], job % shape[1]))], shape);
    }
}

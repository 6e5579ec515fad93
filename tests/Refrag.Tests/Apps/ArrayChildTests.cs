using Refrag.Apps;
using Refrag.CommandTables;
using Refrag.Sweeps;

namespace Refrag.Tests.Apps;

public sealed class ArrayChildTests
{
    private static readonly CommandTable s_table =
        CommandTableBuilder.Build([3, 8], [["train", "{\"lr\":1}"], ["train", "{\"lr\":2}"]], [10]);

    [Theory]
    [InlineData("0", "{\"lr\":1}", "3")]
    [InlineData("1", "{\"lr\":2}", "8")]
    public void Find_Child_HasItsOwnCommandAndItsPlaceInTheSweep(string index, string config, string job)
    {
        ArrayChild child = ArrayChild.Find(["--array", CommandTableText.Write(s_table)], Variables(index)).Value;

        Assert.Equal(["train", config], child.Arguments);
        Assert.Equal(job, child.Environment["REFRAG_SWEEP_INDEX"]);
        Assert.Equal(index, child.Environment["AWS_BATCH_JOB_ARRAY_INDEX"]);
    }

    [Fact]
    public void Find_CompressedTable_IsRead() =>
        Assert.Equal(
            ["train", "{\"lr\":2}"], ArrayChild.Find(["--array", CommandTableText.Compress(s_table)], Variables("1")).Value.Arguments);

    [Theory]
    [InlineData("2", "no job for child 2")]
    [InlineData("-1", "no job for child -1")]
    [InlineData("", "not a child of an array")]
    public void Find_OutsideOfTheTable_IsAProblem(string index, string said)
    {
        Problem problem = Assert.Single(ArrayChild.Find(["--array", CommandTableText.Write(s_table)], Variables(index)).Problems);

        Assert.Equal("RF7010", problem.Code);
        Assert.Contains(said, problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--array")]
    [InlineData("--array", "nonsense")]
    [InlineData("--array", "{}", "more")]
    public void Find_NoTable_IsAProblem(params string[] arguments) =>
        Assert.Equal("RF7010", Assert.Single(ArrayChild.Find(arguments, Variables("0")).Problems).Code);

    private static Dictionary<string, string> Variables(string index) =>
        new(StringComparer.Ordinal) { ["AWS_BATCH_JOB_ARRAY_INDEX"] = index };
}

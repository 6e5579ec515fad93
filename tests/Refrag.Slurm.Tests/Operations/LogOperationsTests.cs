using System.Text;
using Refrag.Aws.Logs;
using Refrag.Slurm.Operations;

namespace Refrag.Slurm.Tests.Operations;

public sealed class LogOperationsTests
{
    [Fact]
    public void Read_ALineWithoutItsEndWhileTheJobRuns_IsLeft()
    {
        GetLogEventsResponse answer = Read("R\n7 1790000000 n1\none\ntw", 10);

        Assert.Equal(["one"], answer.Events!.Select(line => line.Message));
        Assert.Equal(1790000000000, answer.Events![0].Timestamp);
        Assert.Equal("f/14", answer.NextForwardToken);
    }

    [Fact]
    public void Read_ALineWithoutItsEndAfterTheJob_IsALine() =>
        Assert.Equal(["one", "tw"], Read("E\n7 1790000000 n1\none\ntw", 0).Events!.Select(line => line.Message));

    [Theory]
    [InlineData("")]
    [InlineData("R\n")]
    public void Read_AnAnswerThatWasCutOff_IsNothing(string text)
    {
        GetLogEventsResponse answer = Read(text, 10);

        Assert.Empty(answer.Events!);
        Assert.Equal("f/10", answer.NextForwardToken);
    }

    private static GetLogEventsResponse Read(string text, long from) => LogOperations.Read(Encoding.UTF8.GetBytes(text), from);
}

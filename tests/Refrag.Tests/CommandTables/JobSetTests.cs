using CsCheck;
using Refrag.CommandTables;

namespace Refrag.Tests.CommandTables;

public sealed class JobSetTests
{
    [Theory]
    [InlineData("7", 7)]
    [InlineData("0-2", 0, 1, 2)]
    [InlineData("0,1", 0, 1)]
    [InlineData("3,17,20-26/2", 3, 17, 20, 22, 24, 26)]
    public void Of_Indices_AreWrittenAsRuns(string text, params int[] indices) => Assert.Equal(text, JobSet.Of(indices).ToString());

    [Fact]
    public void Parse_WhatWasWritten_IsTheSame() => Gen.Int[0, 200].Array[1, 60].Sample(numbers =>
    {
        int[] indices = [.. numbers.Distinct().Order()];
        JobSet set = JobSet.Parse(JobSet.Of(indices).ToString())!;
        Assert.Equal(indices, set.Indices());
        Assert.Equal(indices, Enumerable.Range(0, set.Count).Select(set.At));
    });

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("0-5/2")]
    [InlineData("0-4/0")]
    [InlineData("0-1-2")]
    [InlineData("5/2")]
    [InlineData("-1")]
    [InlineData("0-999999999999")]
    [InlineData("0-90000000,0-90000000")]
    public void Parse_SomethingElse_IsNone(string text) => Assert.Null(JobSet.Parse(text));

    [Fact]
    public void At_OutsideOfTheSet_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => JobSet.Of([4, 5]).At(2));
}

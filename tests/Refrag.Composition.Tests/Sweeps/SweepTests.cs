using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Tests.Sweeps;

public sealed class SweepTests
{
    [Fact]
    public void Jobs_TwoSweeps_LastChangesFastest() =>
        Assert.Equal(["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"], Jobs("a=1,2", "b=x,y"));

    [Fact]
    public void Jobs_KeyTwice_LaterTakesThePlaceOfTheFirst() => Assert.Equal(["a=3 b=1"], Jobs("a=1,2", "b=1", "a=3"));

    [Fact]
    public void Jobs_Zip_MovesInStepAndCrossesTheRest() =>
        Assert.Equal(["a=1 b=x c=p", "a=1 b=y c=p", "a=2 b=x c=q", "a=2 b=y c=q"], Jobs("a=zip(1,2)", "b=x,y", "c=zip(p,q)"));

    [Fact]
    public void Jobs_ZipOfRange_TakesTheRangesValues() => Assert.Equal(["a=0 b=x", "a=1 b=y"], Jobs("a=zip(range(2))", "b=zip(x,y)"));

    [Fact]
    public void Jobs_FloatRange_CountsInDecimals() => Assert.Equal(["lr=0.1", "lr=0.2", "lr=0.3"], Jobs("lr=range(0.1,0.4,0.1)"));

    [Fact]
    public void Jobs_EmptyRange_AreNone() => Assert.Empty(Jobs("a=range(3,3)"));

    [Fact]
    public void Jobs_Glob_ChoosesOptions() => Assert.Equal(["db=mysql", "db=mssql"], Jobs("db=glob(m*,exclude=mongo)"));

    [Fact]
    public void Jobs_Shuffle_IsAPermutationThatTheSeedRepeats()
    {
        string[] shuffled = Jobs("a=shuffle(range(100))");
        Assert.Equal(shuffled, Jobs("a=shuffle(range(100))"));
        Assert.NotEqual(Jobs("a=range(100)"), shuffled);
        Assert.Equal(Jobs("a=range(100)").Order(StringComparer.Ordinal), shuffled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Jobs_TextThatNeedsQuotes_CanBeReadAgain() => Assert.Equal([@"a=str('it\'s')", "a=b"], Jobs("a=choice(\"it's\",b)"));

    [Fact]
    public void Batches_Size_CutsTheLastShort() =>
        Assert.Equal([2, 2, 1], Made("a=range(5)").Value.Batches(2).Select(batch => batch.Count));

    [Fact]
    public void Of_BillionJobs_IsAProblemAndNotAList() => Assert.Equal("RF1145", Assert.Single(Made("a=range(1000000000)").Problems).Code);

    [Fact]
    public void Of_SeveralMistakes_ReportsAll() =>
        Assert.Equal(["RF1140", "RF1142", "RF1141", "RF1144"],
            Made("a=interval(0,1)", "b=range(0,9,0)", "c=[choice(1,2)]", "nogroup=glob(*)").Problems.Select(problem => problem.Code));

    [Fact]
    public void Of_ZipsOfDifferentLengths_IsAProblem() =>
        Assert.Equal("RF1143", Assert.Single(Made("a=zip(1,2)", "b=zip(1,2,3)").Problems).Code);

    [Fact]
    public void Job_Index_IsTheSameAsInOrder()
    {
        Sweep sweep = Made("a=1,2,3", "b=range(4)", "c=zip(x,y)").Value;
        Assert.Equal(24, sweep.Count);
        Assert.All(sweep.Jobs(), job => Assert.Equal(job, sweep.Job(job.Index)));
        Assert.Throws<ArgumentOutOfRangeException>(() => sweep.Job(24));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[", "[", true)]
    [InlineData("A", "a", false)]
    public void Matches_Pattern_IsThatOfFileNames(string pattern, string name, bool expected) =>
        Assert.Equal(expected, GlobPattern.Matches(pattern, name));

    [Fact]
    public void Matches_HostilePattern_Ends() =>
        Assert.False(GlobPattern.Matches(string.Concat(Enumerable.Repeat("*a", 500)) + "b", new string('a', 2000)));

    private static Result<Sweep> Made(params string[] arguments) =>
        Sweep.Of(OverrideParser.ParseAll(arguments).Value,
            new SweepOptions { Groups = group => group == "db" ? ["mysql", "mssql", "mongo", "sqlite"] : [] });

    private static string[] Jobs(params string[] arguments) =>
        [.. Made(arguments).Value.Jobs().Select(job => string.Join(' ', job.Overrides))];
}

namespace Refrag.Cli.Tests;

public sealed class UnknownOptionsTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void In_MisspelledOption_IsPointedAtWithTheNearest()
    {
        Problem problem = Assert.Single(In("jobs", "--stats=RUNNING", "train"));

        Assert.Equal(("RF5004", "jobs has no option --stats"), (problem.Code, problem.What));
        Assert.Equal("See refrag jobs --help. Did you mean --status?", problem.Cure);
        Assert.Equal(new ArgumentPlace("--stats=RUNNING", 1, "--stats".Length), problem.Place);
    }

    [Fact]
    public void In_OptionOfAProgram_IsShownBehindTwoHyphens() =>
        Assert.EndsWith("A program and its options stand behind --: refrag run -- python train.py --lr 0.1.",
            Assert.Single(In("run", "python", "train.py", "--lr", "0.1")).Cure, StringComparison.Ordinal);

    [Fact]
    public void In_VerbOfAGroup_IsNamedWhole() =>
        Assert.StartsWith(
            "See refrag cost report --help.", Assert.Single(In("cost", "report", "--sinse", "7d")).Cure, StringComparison.Ordinal);

    [Fact]
    public void In_SeveralUnknown_AreEachReportedOnce() =>
        Assert.Equal(["jobs has no option --one", "jobs has no option --two"],
            In("jobs", "--one", "--two", "--one").Select(problem => problem.What));

    [Theory]
    [InlineData("jobs", "--status", "RUNNING", "--json")]
    [InlineData("jobs", "-s", "RUNNING")]
    [InlineData("run", "lr=-1")]
    [InlineData("jobs", "--", "--not-an-option")]
    public void In_KnownOptionsAndWordsBehindTwoHyphens_AreNone(params string[] words) => Assert.Empty(In(words));

    private IReadOnlyList<Problem> In(params string[] words) => UnknownOptions.In(RootVerb.Create(_program.Context).Parse(words));
}

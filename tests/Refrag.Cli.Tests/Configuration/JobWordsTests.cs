using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Configuration;

public sealed class JobWordsTests
{
    [Fact]
    public void Of_TwoHyphens_SplitsAtTheFirst()
    {
        var words = JobWords.Of(["env=local", "--", "git", "log", "--", "x"]);

        Assert.Equal(["env=local"], words.Overrides);
        Assert.Equal(["git", "log", "--", "x"], words.Command);
        Assert.Equal(["env=local", "--", "git", "log", "--", "x"], words.All);
    }

    [Fact]
    public void Of_NoTwoHyphens_HasNoCommand() => Assert.Null(JobWords.Of(["env=local"]).Command);
}

using Refrag.Cli.Commands.Run;
using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Commands.Run;

public sealed class NextCommandTests
{
    [Theory]
    [InlineData("app=train env=awsbatch env.gpus=2 env.region=eu-west-1", "refrag why id env=awsbatch env.region=eu-west-1")]
    [InlineData("app=train launcher=awsbatch", "refrag why id launcher=awsbatch")]
    [InlineData("app=train", "refrag why id")]
    public void Of_Job_SaysWhereItIs(string words, string command) =>
        Assert.Equal(command, NextCommand.Of(new RunOptions { Words = new JobWords(words.Split(' '), Command: null) }, "why", "id"));

    [Fact]
    public void Of_ConfigurationElsewhere_NamesItsFolderUnlessItMayBeAProgramsOwn()
    {
        RunOptions options = new() { Words = new JobWords(["env=mine"], Command: null), ConfigDirs = ["my conf"] };

        Assert.Equal("refrag logs -f id env=mine --config-dir 'my conf'", NextCommand.Of(options, "logs -f", "id"));
        Assert.Equal("refrag logs -f id env=mine",
            NextCommand.Of(options with { Words = options.Words with { Command = ["python", "train.py"] } }, "logs -f", "id"));
    }

    [Fact]
    public void Of_NoJob_HasNoSpaceAtItsEnd() => Assert.Equal("refrag jobs", NextCommand.Of(new RunOptions(), "jobs"));
}

using System.CommandLine;

namespace Refrag.Cli.Tests;

/// <summary>The tree of commands, whole and for one command line.</summary>
public sealed class RootVerbTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void Create_WordsThatBeginWithACommand_HasThatCommandAsInTheWholeTree()
    {
        Assert.All(
            RootVerb.Create(_program.Context).Subcommands,
            whole =>
            {
                Command alone = Assert.Single(RootVerb.Create(_program.Context, [whole.Name, "--help"]).Subcommands);
                Assert.Equal(Names(whole), Names(alone));
                Assert.True(RootVerb.Has(whole.Name));
            });
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("jbos")]
    [InlineData("Jobs")]
    [InlineData("--version", "jobs")]
    public void Create_WordsThatBeginOtherwise_HasEveryCommand(params string[] words) =>
        Assert.Equal(Names(RootVerb.Create(_program.Context)), Names(RootVerb.Create(_program.Context, words)));

    private static IEnumerable<string> Names(Command command) =>
        command.Subcommands.SelectMany(Names).Concat(command.Options.Select(option => option.Name)).Prepend(command.Name);
}

using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Configuration;

public sealed class CommandNameTests
{
    [Theory]
    [InlineData("train", "python", "src/train.py", "lr=0.1")]
    [InlineData("train", "python", "-m", "lab.train", "--lr=1")]
    [InlineData("train", "torchrun", "--nproc-per-node", "2", "train.py")]
    [InlineData("run", "./run.sh")]
    [InlineData("python3-12", "/usr/bin/python3.12.exe")]
    [InlineData("a-b", "./a b")]
    [InlineData("echo", "echo", "out=x.py")]
    [InlineData("command", "...")]
    public void Of_Command_IsItsScriptOrProgram(string name, params string[] command) => Assert.Equal(name, CommandName.Of(command));
}

using System.Text;
using Refrag.Slurm.Commands;

namespace Refrag.Slurm.Tests.Commands;

public sealed class MarkedAnswerTests
{
    private const string Mark = "refrag-answer-1";

    [Theory]
    [InlineData($"{Mark}\nline\n\n{Mark} 3\n", "line\n", 3)]
    [InlineData($"Welcome to login1\n{Mark}\nline\n\n{Mark} 0\n", "line\n", 0)]
    [InlineData($"{Mark}\n\n{Mark} 127\n", "", 127)]
    // The log that is read may hold what an answer looks like.
    [InlineData($"{Mark}\nrefrag-answer-2 5\n\n{Mark} 0\n", "refrag-answer-2 5\n", 0)]
    public void Read_AWholeAnswer_HasTheScriptsOwnCodeAndOutput(string output, string text, int code)
    {
        CommandAnswer answer = Read(output, exit: 255);

        Assert.Equal((text, code, false), (answer.Text, answer.ExitCode, answer.IsCutOff));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Welcome to login1\n")]
    [InlineData($"{Mark}\nline\n")]
    [InlineData($"{Mark}\nline\n\n{Mark}")]
    [InlineData($"{Mark}\nline\n\n{Mark} 12")]
    public void Read_WithoutTheLastLine_IsCutOff(string output)
    {
        CommandAnswer answer = Read(output, exit: 0);

        Assert.True(answer.IsCutOff);
        Assert.Equal(0, answer.ExitCode);
    }

    // A script that exits, whose shell reads what its caller gives it.
    [Fact]
    public async Task Run_AScriptThatExits_IsAnsweredInFull()
    {
        CommandAnswer answer = await new ShellCommands(null).RunAsync(
            "cat; echo word >&2; exit 9", "input\n", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal((9, "input\n", "word", false), (answer.ExitCode, answer.Text, answer.FirstError, answer.IsCutOff));
    }

    [Fact]
    public async Task Run_AScriptWhoseShellIsKilled_IsCutOff()
    {
        CommandAnswer answer = await new ShellCommands(null).RunAsync(
            "echo half; kill -KILL $$", "", TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.True(answer.IsCutOff);
    }

    // A banner comes before every command, and sbatch's words after it.
    [Theory]
    [InlineData($"Communications are monitored\n{Mark}\nsbatch: error: no\n", "sbatch: error: no\n", null)]
    [InlineData($"{Mark}\n", "", null)]
    [InlineData("Communications are monitored\nme@login1: Permission denied (publickey).\n", "",
        "Communications are monitored\nme@login1: Permission denied (publickey).\n")]
    public void Read_OfStandardError_SeparatesLoginAndScript(string error, string ofScript, string? before)
    {
        bool hasBegun = error.Contains(Mark, StringComparison.Ordinal);
        CommandAnswer answer = MarkedAnswer.Read(Mark, hasBegun ? Encoding.UTF8.GetBytes($"{Mark}\n\n{Mark} 1\n") : [], 255, error);

        Assert.Equal((ofScript, before, !hasBegun), (answer.Error, answer.BeforeScript, answer.IsCutOff));
    }

    private static CommandAnswer Read(string output, int exit) => MarkedAnswer.Read(Mark, Encoding.UTF8.GetBytes(output), exit, "");
}

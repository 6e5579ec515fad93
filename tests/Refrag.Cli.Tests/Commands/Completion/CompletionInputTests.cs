using System.CommandLine;
using Refrag.Cli.Commands.Completion;

namespace Refrag.Cli.Tests.Commands.Completion;

public sealed class CompletionInputTests
{
    private static readonly Command s_verb = new("run")
    {
        new Option<string[]>("--config-dir"), new Option<string>("--config-name"), new Option<bool>("--watch"),
        new Option<string>("--manifest", "-f"),
    };

    [Fact]
    public void Read_OverridesAndOptions_AreKeptApart()
    {
        CompletionInput input = Read("app=train", "--config-dir", "mine", "lr=1", "--config-dir=yours", "--config-name", "other");

        Assert.Equal(["app=train", "lr=1"], input.Plain);
        Assert.Equal(["mine", "yours"], input.Folders);
        Assert.Equal("other", input.ConfigName);
        Assert.Null(input.Open);
    }

    [Theory]
    [InlineData("--manifest", "--manifest")]
    [InlineData("-f", "--manifest")]
    [InlineData("--watch", null)]
    [InlineData("--unknown", null)]
    public void Read_LastWordIsAnOption_IsOpenIfItTakesAValue(string word, string? open) =>
        Assert.Equal(open, Read("app=train", word).Open?.Name);

    [Fact]
    public void Read_ValueOfAnOption_IsNoOverride() => Assert.Empty(Read("--manifest", "sweep.jsonl").Plain);

    [Theory]
    [InlineData("-m", true)]
    [InlineData("--multirun", true)]
    [InlineData("--watch", false)]
    public void Read_Multirun_IsKnownByBothNames(string word, bool expected) => Assert.Equal(expected, Read(word).IsMultirun);

    [Fact]
    public void Read_Nothing_StartsFromTheUsualFile() => Assert.Equal("config", Read().ConfigName);

    private static CompletionInput Read(params string[] words) => CompletionInput.Read(s_verb, words);
}

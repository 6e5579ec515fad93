using System.Text.Json;
using Refrag.Apps;

namespace Refrag.Tests.Apps;

public sealed class ExecArgumentsTests
{
    [Fact]
    public void Parse_WhatForClassWrote_IsTheClass()
    {
        using JsonDocument config = JsonDocument.Parse("""{"message":"it's \"hi\""}""");

        IReadOnlyList<string> command = ExecArguments.ForClass("hello_dist", config.RootElement);

        var target = Assert.IsType<ClassTarget>(ExecArguments.Parse([.. command.Skip(1)]).Value);
        Assert.Equal("exec", command[0]);
        Assert.Equal("hello_dist", target.Name);
        Assert.Equal("it's \"hi\"", target.Config.Read().Text("message"));
    }

    [Fact]
    public void Parse_WhatForCommandWrote_IsTheCommand()
    {
        IReadOnlyList<string> command = ExecArguments.ForCommand(["python", "train.py", "--", "--lr", ""]);

        var target = Assert.IsType<CommandTarget>(ExecArguments.Parse([.. command.Skip(1)]).Value);
        Assert.Equal(["python", "train.py", "--", "--lr", ""], target.Command);
    }

    [Fact]
    public void Parse_NameAlone_HasEmptyConfiguration() =>
        Assert.Empty(Assert.IsType<ClassTarget>(ExecArguments.Parse(["train"]).Value).Config.Root.EnumerateObject());

    [Theory]
    [InlineData("RF7004")]
    [InlineData("RF7004", "--")]
    [InlineData("RF7004", "--", "")]
    [InlineData("RF7004", "")]
    [InlineData("RF7004", "--help-me")]
    [InlineData("RF7004", "train", "{}", "{}")]
    [InlineData("RF7005", "train", "lr=1")]
    public void Parse_Wrong_IsProblem(string code, params string[] arguments) =>
        Assert.Equal(code, Assert.Single(ExecArguments.Parse(arguments).Problems).Code);
}

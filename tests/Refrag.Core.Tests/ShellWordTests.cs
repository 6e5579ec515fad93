using System.Diagnostics;

namespace Refrag.Core.Tests;

/// <summary>A quoted word is one word of a real shell, and the text.</summary>
public sealed class ShellWordTests
{
    [Theory]
    [InlineData("")]
    [InlineData("train.py")]
    [InlineData("a b")]
    [InlineData("it's")]
    [InlineData("a;b")]
    [InlineData("$HOME `id` $(id)")]
    [InlineData("*?[a]{b,c}~!#&|<>\\")]
    [InlineData("two\nlines\ttab")]
    [InlineData("\"double\"")]
    [InlineData("größer")]
    public async Task Quote_OfAnyText_IsOneWordToAShell(string text)
    {
        using Process shell = Process.Start(
            new ProcessStartInfo(
                "/bin/sh", ["-c", $"printf '%s:%s' $# {ShellWord.Quote(text)}; set -- {ShellWord.Quote(text)}; printf ':%s' $#"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal($"0:{text}:1", output);
    }

    [Theory]
    [InlineData("lr=1e-3")]
    [InlineData("s3://bucket/a_b.txt")]
    [InlineData("--flag")]
    public void Quote_OfPlainText_LeavesIt(string text) => Assert.Equal(text, ShellWord.Quote(text));
}

using CsCheck;
using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("python train.py", "python|train.py")]
    [InlineData("echo 'a b' \"c d\"", "echo|a b|c d")]
    [InlineData("a\\ b ''", "a b|")]
    [InlineData("\"a\\\"b\\n\"", "a\"b\\n")]
    [InlineData("x'y'z", "xyz")]
    [InlineData("", "")]
    public void Split_Line_GivesTheWordsOfAShell(string line, string words) =>
        Assert.Equal(words, string.Join('|', ShellWords.Split(line)!));

    [Theory]
    [InlineData("a 'b")]
    [InlineData("\"b")]
    [InlineData("a\\")]
    public void Split_QuoteNotClosed_IsNull(string line) => Assert.Null(ShellWords.Split(line));

    [Fact]
    public void Split_OfQuotedWords_GivesThemBack() => Gen.String[Gen.Char[' ', '~'], 0, 12].List[0, 6].Sample(words =>
    {
        string line = string.Join(' ', words.Select(w => $"'{w.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        Assert.Equal(words, ShellWords.Split(line));
    });
}

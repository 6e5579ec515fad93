using System.Text;
using CsCheck;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

public sealed class LineSplitterTests
{
    private static readonly string[] Pieces = ["a", "é", "€", "😀", "\n", " "];

    [Fact]
    public void Append_TwoLinesAndARest_GivesThree() => Assert.Equal(["a", "b", "c"], Split("a\nb\nc"u8.ToArray()));

    [Fact]
    public void Append_CarriageReturnBeforeLineFeed_IsNotPartOfTheLine() => Assert.Equal(["a", "b\rc"], Split("a\r\nb\rc\n"u8.ToArray()));

    [Fact]
    public void Append_EmptyLines_AreLines() => Assert.Equal(["", "", "x"], Split("\n\nx\n"u8.ToArray()));

    [Fact]
    public void Append_NotUtf8_BecomesReplacementCharacters() => Assert.Equal(["a\uFFFDb"], Split([0x61, 0xFF, 0x62, 0x0A]));

    [Fact]
    public void Append_LineAtTheLimit_StaysWhole() => Assert.Equal(["12345678", "9"], Split("12345678\n9"u8.ToArray(), maximum: 8));

    [Fact]
    public void Append_LineOverTheLimit_ComesInPieces() => Assert.Equal(["12345678", "9"], Split("123456789\n"u8.ToArray(), maximum: 8));

    [Fact]
    public void Append_CharacterAcrossTheLimit_IsNotCut() => Assert.Equal(["1234567", "ü"], Split("1234567ü\n"u8.ToArray(), maximum: 8));

    [Fact]
    public void Append_AnyTextInAnyChunks_GivesTheSameLines() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]).Array[0, 60], Gen.Int[1, 7]).Sample((pieces, chunk) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(pieces));
            Assert.Equal(Split(bytes), Split(bytes, chunk));
        });

    [Fact]
    public void Append_AnyTextOverAnyLimit_LosesNothing() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]).Array[1, 60], Gen.Int[4, 9]).Sample((pieces, maximum) =>
        {
            string text = string.Concat(pieces).Replace('\n', 'x');
            List<string> lines = Split(Encoding.UTF8.GetBytes(text), maximum: maximum);
            Assert.Equal(text, string.Concat(lines));
            Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, maximum));
        });

    private static List<string> Split(byte[] bytes, int chunk = int.MaxValue, int maximum = LineSplitter.MaximumBytes)
    {
        List<string> lines = [];
        var splitter = new LineSplitter(lines.Add, maximum);
        for (int at = 0; at < bytes.Length; at += Math.Min(chunk, bytes.Length - at))
            splitter.Append(bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)));
        splitter.Finish();
        return lines;
    }
}

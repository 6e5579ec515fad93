using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

public sealed class EndSignsTests
{
    public static TheoryData<string, string> Examples => [.. SetupFiles.Signs.Select(s => (s.Code, s.Words))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Shows_ExampleOfOneCode_FiresForNoOtherCode(string code, string words)
    {
        string[] shown = [.. Shown(words).Select(s => s.Code).Distinct()];

        Assert.Equal(code == "none" ? [] : [code], shown);
    }

    public static TheoryData<int, string> Rows => [.. EndSigns.All.Select((sign, index) => (index, sign.Code))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Shows_EveryRow_HasAnExample(int index, string code) =>
        Assert.Contains(SetupFiles.Signs, s => s.Code == code
            && Shown(s.Words).Contains(EndSigns.All[index]));

    [Fact]
    public void Shows_WarningInTheLog_IsNoSignBeforeATraceback()
    {
        string[] lines = ["Cannot allocate memory", "Traceback (most recent call last):", "ValueError: bad"];

        Assert.Equal(lines[1..], LogEnd.Relevant(lines));
    }

    // (Java's stack traces have a line for each frame, and any number of them)
    [Fact]
    public void Relevant_NoTraceback_IsTheLastWordsAndTheirStackTraces()
    {
        string[] frames = [.. Enumerable.Range(0, 40).Select(i => $"\tat Frame{i}")];
        string[] after = [.. Enumerable.Range(0, 18).Select(i => $"step {i}")];
        string[] lines = ["cache: no space left on device, going without it", "Exception in thread \"main\"", .. frames, "exit", .. after];

        Assert.Equal(lines[1..], LogEnd.Relevant(lines));
        Assert.Equal(after, LogEnd.Relevant(after));
        Assert.Empty(LogEnd.Relevant([]));
    }

    [Fact]
    public void Relevant_TracebackWithoutItsError_IsTheLastWordsBeforeIt()
    {
        string[] lines = ["out of shared memory", "Traceback (most recent call last):", "  File \"fit.py\", line 3, in <module>"];

        Assert.Equal(lines, LogEnd.Relevant(lines));
    }

    [Fact]
    public void Relevant_TracebackRaisedFromAnother_BeginsWithTheFirst()
    {
        string[] lines = ["warning", "Traceback (most recent call last):", "MemoryError", "",
            "During handling of the above exception, another exception occurred:", "", "Traceback (most recent call last):", "KeyError"];

        Assert.Equal(lines[1..], LogEnd.Relevant(lines));
    }

    private static IEnumerable<EndSign> Shown(string words) =>
        EndSigns.FindAll(SetupFiles.Text(words), SetupFiles.IsLog(words), [SetupFiles.Text(words)]);
}

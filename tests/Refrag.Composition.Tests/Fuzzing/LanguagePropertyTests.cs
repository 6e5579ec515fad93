using Refrag.Composition.Conformance.Fuzzing;

namespace Refrag.Composition.Tests.Fuzzing;

/// <summary>
/// What holds for every text of the three languages: no exception, problems that point, writing that reads back. The conformance program
/// runs millions.
/// </summary>
public sealed class LanguagePropertyTests
{
    [Theory]
    [InlineData("overrides")]
    [InlineData("yaml")]
    [InlineData("interpolations")]
    public void Read_GeneratedTexts_HoldTheProperties(string language)
    {
        IFuzzCheck check = FuzzRun.Of(language);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = FuzzRun.Text(check, seed: 7, i);
            string? failure = FuzzRun.Failure(check, text, out bool taken);
            Assert.True(failure is null, $"input {i} '{text}': {failure}");
            if (taken) accepted++;
        }
        // A generator that makes nonsense only would prove nothing.
        Assert.InRange(accepted, 2_000, 18_000);
    }
}

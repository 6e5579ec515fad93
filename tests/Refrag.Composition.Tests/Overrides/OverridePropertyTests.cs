using Refrag.Composition.Conformance.Fuzzing;

namespace Refrag.Composition.Tests.Overrides;

/// <summary>What holds for every text: no exception, problems that point, printing that reads back, jobs that can be read. The conformance program runs millions.</summary>
public sealed class OverridePropertyTests
{
    [Fact]
    public void Parse_GeneratedTexts_HoldTheProperties()
    {
        int accepted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = FuzzRun.Text(seed: 7, i);
            string? failure = OverrideCheck.Failure(text, out bool taken);
            Assert.True(failure is null, $"input {i} '{text}': {failure}");
            if (taken) accepted++;
        }
        // A generator that makes nonsense only would prove nothing.
        Assert.InRange(accepted, 2_000, 18_000);
    }
}

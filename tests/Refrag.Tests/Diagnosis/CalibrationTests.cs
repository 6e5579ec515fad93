using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

/// <summary>How often the first answer is right, by how sure it says it is, on set-ups that the checks were not written for.</summary>
public sealed class CalibrationTests
{
    [Theory]
    [InlineData("held out")]
    [InlineData("held out, later")]
    public async Task Of_HeldOutSetups_FiguresForTheBench(string which)
    {
        Print(which);
        List<(string Class, bool Right)> answers = [];
        foreach (Setup setup in which == "held out" ? SetupFiles.HeldOut : SetupFiles.HeldOutLater)
        {
            IReadOnlyList<Cause> causes = (await WhyTests.DiagnoseAsync(setup)).Causes;
            string named = causes is [var first, ..] ? first.Confidence.ToString() : "none";
            bool right = causes is [{ } answer, ..] && answer.Code == setup.Codes[0];
            answers.Add((named, right));
            if (!right)
                Print($"  {setup.Name}: {setup.Codes[0]}, named were "
                    + string.Join(' ', causes.Select(c => $"{c.Code} ({c.Confidence})")));
        }
        foreach (IGrouping<string, (string, bool Right)> group in answers.GroupBy(a => a.Class, StringComparer.Ordinal))
            Print($"{group.Key}: {group.Count(a => a.Right)} of {group.Count()} right");
        Print($"first answer: {answers.Count(a => a.Right)} of {answers.Count} right");
        Assert.DoesNotContain(("Certain", false), answers);
    }

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}

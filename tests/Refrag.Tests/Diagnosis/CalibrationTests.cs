using Refrag.Diagnosis;

namespace Refrag.Tests.Diagnosis;

/// <summary>How often the first answer is right, by how sure it says it is, on set-ups that the checks were not written for.</summary>
public sealed class CalibrationTests
{
    [Theory]
    [InlineData("held out")]
    [InlineData("held out, later")]
    [InlineData("held out, third")]
    [InlineData("blind")]
    [InlineData("by hand")]
    [InlineData("blind, second")]
    [InlineData("blind, third")]
    [InlineData("blind, fourth")]
    [InlineData("blind, fifth")]
    [InlineData("blind, sixth")]
    [InlineData("blind, seventh")]
    [InlineData("blind, eighth")]
    public async Task Of_HeldOutSetups_FiguresForTheBench(string which)
    {
        Print(which);
        List<(string Class, bool Right)> answers = [];
        int below = 0;
        foreach (Setup setup in SetupsOf(which))
        {
            IReadOnlyList<Cause> causes = (await WhyTests.DiagnoseAsync(setup)).Causes;
            string named = causes is [var first, ..] ? first.Confidence.ToString() : "none";
            string? expected = setup.Codes is [var code, ..] ? code : null;
            bool right = (causes is [{ } answer, ..] ? answer.Code : null) == expected;
            answers.Add((named, right));
            below += !right && causes.Any(c => c.Code == expected) ? 1 : 0;
            if (!right)
                Print($"  {setup.Name}: {expected ?? "healthy"}, named were "
                    + string.Join(' ', causes.Select(c => $"{c.Code} ({c.Confidence})")));
        }
        foreach (IGrouping<string, (string, bool Right)> group in answers.GroupBy(a => a.Class, StringComparer.Ordinal))
            Print($"{group.Key}: {group.Count(a => a.Right)} of {group.Count()} right");
        Print($"first answer: {answers.Count(a => a.Right)} of {answers.Count} right, {below} more below it");
        Assert.DoesNotContain(("Certain", false), answers);
    }

    private static IReadOnlyList<Setup> SetupsOf(string which) => which switch
    {
        "held out" => SetupFiles.HeldOut,
        "held out, later" => SetupFiles.HeldOutLater,
        "blind" => SetupFiles.Blind,
        "blind, second" => SetupFiles.BlindSecond,
        "blind, third" => SetupFiles.BlindThird,
        "blind, fourth" => SetupFiles.BlindFourth,
        "blind, fifth" => SetupFiles.BlindFifth,
        "blind, sixth" => SetupFiles.BlindSixth,
        "blind, seventh" => SetupFiles.BlindSeventh,
        "blind, eighth" => SetupFiles.BlindEighth,
        "by hand" => SetupFiles.ByHand,
        _ => SetupFiles.HeldOutThird,
    };

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}

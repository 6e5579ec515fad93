namespace Refrag.Scheduling.Tests.Cases;

/// <summary>
/// One behaviour, its source, and what must come of it. The expectation is derived by hand from the source, not from the program.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Source">The page of the AWS Batch user guide (UG), the API reference (API), or "assumed" and why.</param>
/// <param name="Expected">What must come of it.</param>
/// <param name="Run">Plays it.</param>
internal sealed record SchedulingCase(string Name, string Source, string Expected, Func<string> Run);

public sealed class SchedulingCaseTests
{
    private static readonly SchedulingCase[] s_cases =
        [.. FitCases.All, .. OrderCases.All, .. FairShareCases.All, .. FleetCases.All, .. NodeCases.All, .. BlockedCases.All,
            .. QuotaCases.All];

    public static TheoryData<string> Names => [.. s_cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_Played_ComesOutAsDocumented(string name)
    {
        SchedulingCase one = s_cases.Single(one => one.Name == name);
        Assert.Equal(one.Expected, one.Run());
    }

    [Fact]
    public void Cases_All_AreAtLeastSixtyAndCited()
    {
        Assert.InRange(s_cases.Length, 60, 1000);
        Assert.All(s_cases, one => Assert.Matches("^(UG [a-z_-]+|API [A-Za-z]+|assumed: )", one.Source));
    }
}

using Refrag.Cli.Connections;
using Refrag.History;

namespace Refrag.Cli.Tests.Connections;

public sealed class UserHistoryTests
{
    private readonly List<Problem> _problems = [];

    [Fact]
    public void Limits_NotSet_AreTheDocumentedOnes() =>
        Assert.Equal(
            new HistoryLimits
            {
                Age = TimeSpan.FromDays(400),
                SampleAge = TimeSpan.FromDays(90),
                Jobs = 250_000,
                Bytes = 1024L * 1024 * 1024,
            },
            Limits(null, null));

    [Fact]
    public void Limits_OfVariables_AreTheirs()
    {
        Assert.Equal(new HistoryLimits { Age = TimeSpan.FromDays(30), Jobs = 1000 }, Limits("30", "1000"));
        Assert.Equal(1_000_000_000, Limits("1000000000", "1000000000").Jobs);
        Assert.Equal(
            new HistoryLimits { SampleAge = TimeSpan.FromDays(7), Bytes = 50 * 1024 * 1024 },
            UserHistory.Limits(
                name => name switch { "REFRAG_HISTORY_SAMPLE_DAYS" => "7", "REFRAG_HISTORY_MB" => "50", _ => null }, _problems.Add));
        Assert.Empty(_problems);
    }

    // To remove by a default that the user did not want would lose what cannot be measured again.
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("a year")]
    [InlineData("99999999999999999999")]
    public void Limits_NoNumber_IsOneProblemAndRemovesNothing(string text)
    {
        Assert.Equal(HistoryLimits.None, Limits(text, "10"));

        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8133", problem.Code);
        Assert.Contains(
            $"REFRAG_HISTORY_DAYS must be a whole number from 1 to 1000000000; got '{text}'", problem.What, StringComparison.Ordinal);
    }

    private HistoryLimits Limits(string? days, string? jobs) => UserHistory.Limits(
        name => name switch { "REFRAG_HISTORY_DAYS" => days, "REFRAG_HISTORY_JOBS" => jobs, _ => null }, _problems.Add);
}

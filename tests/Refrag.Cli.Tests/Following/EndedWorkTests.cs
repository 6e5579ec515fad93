using System.Text.Json.Nodes;
using Refrag.Cli.Following;

namespace Refrag.Cli.Tests.Following;

public sealed class EndedWorkTests
{
    [Theory]
    [InlineData(1, 1, 0, 0, 0, "train: succeeded in 12m 3s, at least $1.54, measured")]
    [InlineData(1, 0, 1, 0, 0, "train: failed in 12m 3s, at least $1.54, measured")]
    [InlineData(1, 0, 0, 1, 0, "train: has not ended in 12m 3s, at least $1.54, measured")]
    [InlineData(1, 0, 0, 0, 1, "train: end not known in 12m 3s, at least $1.54, measured")]
    [InlineData(0, 0, 0, 0, 0, "train: end not known in 12m 3s, at least $1.54, measured")]
    [InlineData(6, 6, 0, 0, 0, "train: all 6 jobs succeeded in 12m 3s, at least $1.54, measured")]
    [InlineData(6, 5, 1, 0, 0, "train: 5 of 6 jobs succeeded, 1 failed in 12m 3s, at least $1.54, measured")]
    [InlineData(6, 2, 1, 2, 1, "train: 2 of 6 jobs succeeded, 1 failed, 2 not ended, 1 not known in 12m 3s, at least $1.54, measured")]
    public void Text_Counts_AreInOneLineWithTimeAndCost(
        int jobs, int succeeded, int failed, int unfinished, int unknown, string expected) =>
        Assert.Equal(expected, Work(jobs, succeeded, failed, unfinished, unknown).Text);

    [Theory]
    [InlineData(1, 0, 0, 0, "succeeded")]
    [InlineData(1, 1, 0, 0, "failed")]
    [InlineData(1, 1, 1, 0, "unfinished")]
    [InlineData(1, 1, 1, 1, "unknown")]
    [InlineData(0, 0, 0, 0, "unknown")]
    public void State_OfCounts_IsWhatIsLeastKnown(int succeeded, int failed, int unfinished, int unknown, string expected) =>
        Assert.Equal(expected, Work(succeeded + failed + unfinished + unknown, succeeded, failed, unfinished, unknown).State);

    [Theory]
    [InlineData(null, null, "train: succeeded in 12m 3s")]
    [InlineData(null, 0, "train: succeeded in 12m 3s")]
    [InlineData(null, 1, "train: succeeded in 12m 3s, cost not known")]
    [InlineData(2.5, 3, "train: succeeded in 12m 3s, at least $2.50, measured (3 without a price)")]
    public void Text_Costs_AreSaidAsFarAsTheyAreKnown(double? usd, int? unpriced, string expected) =>
        Assert.Equal(expected, (Work(1, 1, 0, 0, 0) with { UsdAtLeast = (decimal?)usd, Unpriced = unpriced }).Text);

    [Fact]
    public void Text_SeveralNamesAndAReason_HasThem() => Assert.Equal(
        "train and 2 more: 2 of 3 jobs succeeded, 1 failed (Host EC2 terminated)",
        (Work(3, 2, 1, 0, 0) with { OtherNames = 2, Reason = "Host EC2 terminated", Seconds = null, UsdAtLeast = null }).Text);

    [Fact]
    public void ToJson_Work_IsTheDocumentedShape() => Assert.Equal(
        """
        {"text":"train: 1 of 2 jobs succeeded, 1 failed in 12m 3s, at least $1.54, measured (lost)","name":"train","state":"failed",
        "jobIds":["id"],"jobs":2,"succeeded":1,"failed":1,"unfinished":0,"unknown":0,"reason":"lost","exitCode":7,"seconds":723,
        "usdAtLeast":1.54,"costBasis":"measured","unpriced":0}
        """.Replace(",\n", ",", StringComparison.Ordinal),
        (Work(2, 1, 1, 0, 0) with { Reason = "lost" }).ToJson());

    [Fact]
    public void JsonOf_ReasonWithMarksOfSlack_EscapesTheTextAlone()
    {
        JsonNode body = JsonNode.Parse(Notifier.JsonOf(Work(1, 0, 1, 0, 0) with { Reason = "<!channel> a & b" }))!;

        Assert.EndsWith("(&lt;!channel&gt; a &amp; b)", (string)body["text"]!, StringComparison.Ordinal);
        Assert.Equal("<!channel> a & b", (string?)body["reason"]);
    }

    internal static EndedWork Work(int jobs, int succeeded, int failed, int unfinished, int unknown) => new()
    {
        Name = "train",
        JobIds = ["id"],
        Jobs = jobs,
        Succeeded = succeeded,
        Failed = failed,
        Unfinished = unfinished,
        Unknown = unknown,
        ExitCode = failed > 0 ? 7 : 0,
        Seconds = 723,
        UsdAtLeast = 1.54m,
        CostBasis = "measured",
        Unpriced = 0,
    };
}

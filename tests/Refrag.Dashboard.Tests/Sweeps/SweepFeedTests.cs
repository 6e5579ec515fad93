using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Sources;
using Refrag.Sweeps;

namespace Refrag.Dashboard.Tests.Sweeps;

/// <summary>Sweeps as the page gets them.</summary>
public sealed class SweepFeedTests
{
    private const string Hostile = "<img src=x onerror=alert(1)>.jsonl";

    [Fact]
    public async Task Stream_OfASweep_HasOverridesByKeyAndMetrics()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.SweepFiles.Add(new SweepFile(Hostile, "outputs/sweeps/" + Hostile, DateTimeOffset.UnixEpoch));
        page.Source.Sweep = new SweepTable(
        [
            new SweepRow
            {
                Job = 0,
                Overrides = ["lr=0.1", "+tag", "lr=0.2"],
                JobId = "id",
                Status = JobStatus.Succeeded,
                Metrics = new Dictionary<string, JsonElement> { ["loss"] = JsonSerializer.SerializeToElement(0.5) },
            },
            new SweepRow { Job = 1, Overrides = ["lr=1"], Status = "PENDING" },
        ]);

        Assert.Equal(Hostile, (string)(await FirstAsync(page, "/api/sweeps"))["sweeps"]![0]!["name"]!);
        JsonNode sweep = await FirstAsync(page, "/api/sweep/" + Uri.EscapeDataString(Hostile));

        Assert.Equal("""["lr","\u002Btag"] ["loss"]""", $"{sweep["keys"]!.ToJsonString()} {sweep["metrics"]!.ToJsonString()}");
        Assert.Equal("""{"job":0,"id":"id","status":"SUCCEEDED","overrides":{"lr":"0.2","\u002Btag":""},"metrics":{"loss":0.5}}""",
            sweep["rows"]![0]!.ToJsonString());
        Assert.Null(sweep["rows"]![1]!["metrics"]);
    }

    // The name is compared with those of the folder, and never opened as a path.
    [Theory]
    [InlineData("none.jsonl")]
    [InlineData("..%2F..%2Fconf%2Fconfig.yaml")]
    [InlineData("%2Fetc%2Fpasswd")]
    public async Task Stream_OfANameThatIsNotListed_IsAProblem(string name)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.SweepFiles.Add(new SweepFile("one.jsonl", "outputs/sweeps/one.jsonl", DateTimeOffset.UnixEpoch));

        JsonNode sweep = await FirstAsync(page, "/api/sweep/" + name);

        Assert.Equal("RF8240", (string)sweep["problem"]!["code"]!);
        Assert.Empty((JsonArray)sweep["rows"]!);
    }

    // A name with a percent sign is not decoded a second time.
    [Fact]
    public async Task Stream_OfANameWithAPercentSign_IsThatSweepAndSaysWhyMetricsAreMissing()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.SweepFiles.Add(new SweepFile("a%20b.jsonl", "outputs/sweeps/a%20b.jsonl", DateTimeOffset.UnixEpoch));
        page.Source.Sweep = new SweepTable([new SweepRow { Job = 0, Overrides = [], Status = "PENDING" }]) { Unread = "no access" };

        JsonNode sweep = await FirstAsync(page, "/api/sweep/" + Uri.EscapeDataString("a%20b.jsonl"));

        Assert.Equal((null, "no access", 1), (sweep["problem"], (string)sweep["unread"]!, ((JsonArray)sweep["rows"]!).Count));
    }

    [Fact]
    public async Task Stream_OfADamagedManifest_IsItsProblem()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.SweepFiles.Add(new SweepFile("one.jsonl", "outputs/sweeps/one.jsonl", DateTimeOffset.UnixEpoch));
        page.Source.Sweep = new Problem { Code = "RF0000", What = "damaged", Cure = "Write it again." };

        Assert.Equal("RF0000", (string)(await FirstAsync(page, "/api/sweep/one.jsonl"))["problem"]!["code"]!);
    }

    // A second page does not wait for the same failure again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_OfAFailedReading_IsSharedByPages(bool isThrown)
    {
        await using OpenPage page = await OpenPage.StartAsync(time: new StoppedTime());
        page.Source.SweepFiles.Add(new SweepFile("one.jsonl", "outputs/sweeps/one.jsonl", DateTimeOffset.UnixEpoch));
        page.Source.Sweep = new Problem { Code = "RF0000", What = "damaged", Cure = "Write it again." };
        page.Source.SweepFault = isThrown ? FakeBatch.AnswerLost("DescribeJobs") : null;

        JsonNode first = await FirstAsync(page, "/api/sweep/one.jsonl");
        JsonNode second = await FirstAsync(page, "/api/sweep/one.jsonl");

        Assert.NotNull(first["problem"]);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(1, page.Source.SweepsRead);
    }

    private static async Task<JsonNode> FirstAsync(OpenPage page, string path)
    {
        await foreach (var (_, data) in page.EventsAsync(path, TestContext.Current.CancellationToken)) return data;
        throw new InvalidOperationException("The stream has ended.");
    }

    // A reading is shared for some seconds, however slow this machine is.
    private sealed class StoppedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;
    }
}

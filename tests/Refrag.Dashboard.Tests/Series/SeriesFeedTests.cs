using System.Text.Json.Nodes;
using Refrag.History;

namespace Refrag.Dashboard.Tests.Series;

/// <summary>Samples of the history as the page gets them.</summary>
public sealed class SeriesFeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The place of the fake queue's ARN at the fake endpoint.
    private static readonly JobPlace s_place = new("http://fake", "000000000000", "us-east-1");

    [Fact]
    public async Task Stream_OfAPlace_HasItsQueuesAndFleetsAndNoOthers()
    {
        string file = Path.Combine(_folder.Path, "history.db");
        DateTimeOffset at = DateTimeOffset.UtcNow.AddMinutes(-30);
        using (HistoryStore store = HistoryStore.Open(file, TimeProvider.System, problem => Assert.Fail(problem.What)))
        {
            store.Put(s_place, new PlaceSample
            {
                At = at,
                Queues = [new QueueSample("queue", 1, 2, 3, 4, 5) { OldestWaiting = at.AddMinutes(-2) }],
                Fleets = [new FleetSample("fleet", "MANAGED", "ENABLED") { DesiredVCpus = 8, MaxVCpus = 32 }],
            });
            store.Put(s_place with { Account = "999999999999" }, new PlaceSample
            {
                At = at,
                Queues = [new QueueSample("other", 1, 1, 1, 1, 1)],
            });
        }
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.History = file;

        JsonNode series = await FirstAsync(page, "/api/series?hours=1");

        JsonNode queue = Assert.Single((JsonArray)series["queues"]!)!;
        Assert.Equal("queue [6] [9] [120]", $"{queue["name"]} {Text(queue["waiting"])} {Text(queue["running"])} {Text(queue["wait"])}");
        JsonNode fleet = Assert.Single((JsonArray)series["fleets"]!)!;
        // Who is not asked for instances says nothing of them.
        Assert.Equal("fleet [8] [32] [null]", $"{fleet["name"]} {Text(fleet["desired"])} {Text(fleet["most"])} {Text(fleet["instances"])}");
        Assert.Equal(at.ToUnixTimeMilliseconds(), (long)series["newest"]!);
    }

    [Theory]
    [InlineData("http://fake", false)]
    [InlineData(null, true)]
    public async Task Stream_WithoutAHistory_IsEmpty(string? endpoint, bool isLocal)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Source.Endpoint = endpoint;

        JsonNode series = await FirstAsync(page, "/api/series");

        Assert.Empty((JsonArray)series["queues"]!);
        Assert.Equal((isLocal, true), ((bool)series["isLocal"]!, series["newest"] is null));
    }

    public void Dispose() => _folder.Dispose();

    private static string? Text(JsonNode? node) => node?.ToJsonString();

    private static async Task<JsonNode> FirstAsync(OpenPage page, string path)
    {
        await foreach (var (_, data) in page.EventsAsync(path, TestContext.Current.CancellationToken)) return data;
        throw new InvalidOperationException("The stream has ended.");
    }
}

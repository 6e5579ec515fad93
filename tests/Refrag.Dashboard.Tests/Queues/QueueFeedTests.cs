using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Dashboard.Tests.Queues;

/// <summary>Queues and fleets as the page gets them.</summary>
public sealed class QueueFeedTests
{
    [Fact]
    public async Task Stream_AQueue_HasItsDepthAndTheOldestThatWaits()
    {
        var batch = new FakeBatch();
        batch.Put(FakeBatch.Job("one", JobStatus.Runnable), FakeBatch.Job("two", JobStatus.Running));
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);

        await foreach (var (_, data) in page.EventsAsync("/api/queues", TestContext.Current.CancellationToken))
        {
            JsonNode queue = Assert.Single((JsonArray)data["queues"]!)!;
            Assert.Equal((FakeBatch.Queue, 1, "one"),
                ((string)queue["name"]!, (int)queue["jobs"]![JobStatus.Runnable]!, (string)queue["oldest"]!["id"]!));
            Assert.Equal([1L, 1L], ((JsonArray)queue["depth"]!).Skip(1).Select(of => (long)of![0]!));
            break;
        }
    }

    [Fact]
    public async Task Order_Throttled_IsThereAgainAtTheNextReading()
    {
        var batch = new FakeBatch { Front = ["one"] };
        batch.Put(FakeBatch.Job("one", JobStatus.Runnable));
        batch.Refusals["GetJobQueueSnapshot"] = (1, "ThrottlingException");
        await using OpenPage page = await OpenPage.StartAsync(batch: batch);
        List<string?> first = [];

        await foreach (var (_, data) in page.EventsAsync("/api/queues", TestContext.Current.CancellationToken))
        {
            first.Add((string?)data["queues"]![0]!["order"]?[0]!["id"]);
            if (first.Count == 2) break;
        }

        Assert.Equal([null, "one"], first);
    }

    [Fact]
    public async Task Event_ThatThePageDoesNotOffer_IsRefused()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Post, "/api/rehearsal", """{"what":"role_gone"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", body, StringComparison.Ordinal);
    }
}

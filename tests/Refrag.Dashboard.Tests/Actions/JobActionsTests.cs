using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Dashboard.Tests.Actions;

/// <summary>What the page changes.</summary>
public sealed class JobActionsTests
{
    [Fact]
    public async Task Plan_OfACancel_NamesWhatIsLeftAloneAndEndsNothing()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("waits", JobStatus.Runnable), FakeBatch.Job("runs", JobStatus.Running));

        JsonNode plan = await page.PostAsync("/api/actions", """{"action":"cancel","plan":true,"ids":["waits","runs","gone"]}""");

        Assert.Equal("waits", (string?)Assert.Single((JsonArray)plan["done"]!)!["id"]);
        // CancelJob answers success for a started job and does nothing. (API CancelJob)
        Assert.Equal(["runs", "gone"], ((JsonArray)plan["left"]!).Select(one => (string)one!["id"]!));
        Assert.Empty(page.Batch.Ended);
    }

    [Fact]
    public async Task Terminate_SeveralJobs_EndsThoseThatHaveNotEnded()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("runs", JobStatus.Running), FakeBatch.Job("ended", JobStatus.Succeeded));

        JsonNode report = await page.PostAsync("/api/actions", """{"action":"terminate","ids":["runs","ended"]}""");

        Assert.Equal(["terminate runs"], page.Batch.Ended);
        Assert.Equal("ended", (string?)Assert.Single((JsonArray)report["left"]!)!["id"]);
    }

    [Fact]
    public async Task Retry_AJob_NamesTheNewOne()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Failed));

        JsonNode report = await page.PostAsync("/api/actions", """{"action":"retry","ids":["one"]}""");

        Assert.Equal("one-again", (string?)Assert.Single((JsonArray)report["done"]!)!["newId"]);
    }

    [Theory]
    [InlineData("""{"action":"explode","ids":["one"]}""")]
    [InlineData("""{"action":"cancel","ids":[]}""")]
    [InlineData("""{"action":"cancel","ids":[""]}""")]
    [InlineData("""{"action":"cancel"}""")]
    [InlineData("null")]
    [InlineData("[")]
    public async Task Change_NotUnderstood_IsRefused(string body)
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, answer, _) = await page.SendAsync(page.Request(HttpMethod.Post, "/api/actions", body));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", answer, StringComparison.Ordinal);
    }
}

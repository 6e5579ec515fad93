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

    // Budgets and what was spent are those of the time of the request, not of the start of the page.
    [Fact]
    public async Task Retry_EachRequest_BeginsAnew()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Failed), FakeBatch.Job("two", JobStatus.Failed));

        await page.PostAsync("/api/actions", """{"action":"retry","ids":["one","two"]}""");
        await page.PostAsync("/api/actions", """{"action":"retry","ids":["one"]}""");

        Assert.Equal(2, page.Source.RetryRequests);
    }

    [Theory]
    [InlineData("terminate")]
    [InlineData("retry")]
    public async Task Change_WhoseAnswerIsLost_ReportsWhatIsKnown(string action)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(
            FakeBatch.Job("one", JobStatus.Running), FakeBatch.Job("two", JobStatus.Running), FakeBatch.Job("zwei", JobStatus.Running));
        page.Batch.Faults["two"] = FakeBatch.AnswerLost("TerminateJob");

        JsonNode report = await page.PostAsync("/api/actions", $$"""{"action":"{{action}}","ids":["one","two","zwei"]}""");

        Assert.Equal("one", (string?)Assert.Single((JsonArray)report["done"]!)!["id"]);
        Assert.Equal(["two", "zwei"], ((JsonArray)report["failed"]!).Select(one => (string)one!["id"]!));
        // The lost one may have happened; the one after it was not sent.
        Assert.Contains("may have taken effect", (string?)report["failed"]![0]!["problem"]!["what"], StringComparison.Ordinal);
        Assert.Contains("was not sent", (string?)report["failed"]![1]!["problem"]!["what"], StringComparison.Ordinal);
        Assert.DoesNotContain("terminate zwei", page.Batch.Ended);
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

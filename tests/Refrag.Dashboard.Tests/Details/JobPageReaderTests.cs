using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Diagnosis;

namespace Refrag.Dashboard.Tests.Details;

/// <summary>What the page of one job shows.</summary>
public sealed class JobPageReaderTests
{
    [Fact]
    public async Task Live_AJob_HasAnAttemptALane()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running) with
        {
            StartedAt = 5_000,
            // The words by which retry strategies recognize a host that went away. (UG job_retries)
            Attempts = [new AttemptDetail { StartedAt = 2_000, StoppedAt = 4_000, StatusReason = "Host EC2 (instance i-1) terminated." }],
        });

        JsonNode job = await FirstAsync(page, "/api/job/one/live");

        JsonArray lanes = (JsonArray)job["lanes"]!;
        Assert.Equal([(1_000L, 2_000L), (4_000L, 5_000L)], lanes.Select(lane => ((long)lane!["from"]!, (long)lane["started"]!)));
        Assert.True((bool?)lanes[0]!["lost"]);
        Assert.Equal(JobStatus.Running, (string?)lanes[1]!["status"]);
        Assert.Equal("one", (string?)job["request"]!["jobId"]);
    }

    // Pods, tasks of several containers and jobs of several nodes have attempts without an exit code. (API AttemptContainerDetail)
    [Theory]
    [InlineData(JobStatus.Succeeded, false)]
    [InlineData(JobStatus.Failed, true)]
    public async Task Live_AttemptsWithoutExitCode_FailedAsTheJobSays(string status, bool hasFailed)
    {
        await using OpenPage page = await OpenPage.StartAsync();
        AttemptDetail attempt = new() { StartedAt = 2_000, StoppedAt = 3_000 };
        page.Batch.Put(FakeBatch.Job("one", status) with { Attempts = [attempt, attempt] });

        JsonNode job = await FirstAsync(page, "/api/job/one/live");

        Assert.Equal([true, hasFailed], ((JsonArray)job["lanes"]!).Select(lane => (bool)lane!["failed"]!));
    }

    [Fact]
    public async Task Live_JobThatBatchForgets_SaysSoAndEnds()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Running));
        List<string> names = [];

        await foreach (var (name, data) in page.EventsAsync("/api/job/one/live", TestContext.Current.CancellationToken))
        {
            names.Add(name);
            page.Batch.Jobs.Clear();
            if (name == "gone") Assert.Equal("RF8148", (string?)data["code"]);
        }

        Assert.Equal("gone", names[^1]);
    }

    [Fact]
    public async Task Live_NoSuchJob_IsNotThere()
    {
        await using OpenPage page = await OpenPage.StartAsync();

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/job/none/live"));

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("RF8148", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAnEndedJob_ComesWholeAndEnds()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(Printed());
        page.Batch.Lines = ["first", "<b>second</b>", "\u001b[31mred"];
        List<string> lines = [];
        bool more = true;

        await foreach (var (_, data) in page.EventsAsync("/api/job/one/log", TestContext.Current.CancellationToken))
        {
            lines.AddRange(((JsonArray)data["lines"]!).Select(line => (string)line!["text"]!));
            more = (bool)data["more"]!;
        }

        Assert.False(more);
        Assert.Equal(page.Batch.Lines, lines);
    }

    // Text is never markup, however it is asked for.
    [Fact]
    public async Task Download_OfALog_IsTextThatNoBrowserShows()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(Printed());
        page.Batch.Lines = ["<script>alert(1)</script>"];
        using HttpRequestMessage request = page.Request(HttpMethod.Get, "/api/job/one/log.txt");

        using HttpResponseMessage answer = await page.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("<script>alert(1)</script>\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Download_Throttled_IsWholeAllTheSame()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(Printed());
        page.Batch.Lines = ["first", "second"];
        page.Batch.Refusals["GetLogEvents"] = (1, "ThrottlingException");

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/job/one/log.txt"));

        Assert.Equal((HttpStatusCode.OK, "first\nsecond\n"), (status, body));
    }

    [Fact]
    public async Task Download_Forbidden_SaysWhy()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(Printed());
        page.Batch.Refusals["GetLogEvents"] = (1, "AccessDeniedException");

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/job/one/log.txt"));

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("RF3007", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAnAttemptThatIsNoNumber_IsRefused()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(Printed());

        var (status, body, _) = await page.SendAsync(page.Request(HttpMethod.Get, "/api/job/one/log?attempt=last"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("RF8149", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_Causes_HaveEvidenceConfidenceAndCures()
    {
        await using OpenPage page = await OpenPage.StartAsync();
        page.Batch.Put(FakeBatch.Job("one", JobStatus.Runnable));
        page.Source.Why = new(
            [new Cause("queue-disabled", "The queue is disabled", Confidence.Certain, [], [new Cure("Enable it", "aws batch …")])],
            "It waits", ["the account's quotas"]);

        JsonNode why = await page.JsonAsync("/api/job/one/why");

        JsonNode cause = Assert.Single((JsonArray)why["causes"]!)!;
        Assert.Equal(("queue-disabled", "certain"), ((string)cause["code"]!, (string)cause["confidence"]!));
        Assert.Equal("aws batch …", (string?)cause["cures"]![0]!["command"]);
        Assert.Equal("the account's quotas", (string?)why["notChecked"]![0]);
    }

    private static JobDetail Printed() => FakeBatch.Job("one", JobStatus.Succeeded) with
    {
        Attempts =
        [
            new AttemptDetail
            {
                StartedAt = 2_000, StoppedAt = 3_000, Container = new AttemptContainerDetail { ExitCode = 0, LogStreamName = "stream" },
            },
        ],
    };

    private static async Task<JsonNode> FirstAsync(OpenPage page, string path)
    {
        await foreach (var (_, data) in page.EventsAsync(path, TestContext.Current.CancellationToken)) return data;
        throw new InvalidOperationException("The stream has ended.");
    }
}

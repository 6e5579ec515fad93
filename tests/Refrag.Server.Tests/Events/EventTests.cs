using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Aws.Events;
using Refrag.Server.Events;

namespace Refrag.Server.Tests.Events;

public sealed class EventTests : IDisposable
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 22, 18, 30, 15, TimeSpan.Zero);
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly EventHub _hub = new();

    [Fact]
    public void Envelope_OfAStateChange_IsEventBridges()
    {
        JsonObject json = JsonNode.Parse(EventBridgeJson.Write(Change("j-1"), Guid.Empty))!.AsObject();
        Assert.Equal(
            ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"], json.Select(p => p.Key));
        Assert.Equal(
            """{"version":"0","id":"00000000-0000-0000-0000-000000000000","detail-type":"Batch Job State Change","source":"""
                + "\"aws.batch\"" + ""","account":"000000000000","time":"2026-11-22T18:30:15Z","region":"us-east-1","resources":"""
                + """["arn:aws:batch:us-east-1:000000000000:job/j-1"],"detail":"""
                + """{"jobArn":"arn:aws:batch:us-east-1:000000000000:job/j-1","jobName":"name","jobId":"j-1","jobQueue":"""
                + "\"arn:aws:batch:us-east-1:000000000000:job-queue/q\"" + ""","status":"RUNNABLE","startedAt":1,"jobDefinition":"d"}}""",
            json.ToJsonString());
    }

    [Fact]
    public void Envelope_OfABlockedQueue_NamesJobAndQueue()
    {
        JsonNode json = JsonNode.Parse(EventBridgeJson.Write(new JobQueueBlocked { Time = s_time, Job = Detail("j-2") }, Guid.Empty))!;
        Assert.Equal("Batch Job Queue Blocked", (string?)json["detail-type"]);
        Assert.Equal(["arn:aws:batch:us-east-1:000000000000:job/j-2", "arn:aws:batch:us-east-1:000000000000:job-queue/q"],
            json["resources"]!.AsArray().Select(r => (string?)r));
    }

    [Fact]
    public async Task File_GetsEachEventOnItsLine()
    {
        await using (await TestServer.StartAsync(new EchoTransport([]), events: _hub, change: o => o with { EventFile = _file }))
        {
            for (int i = 0; i < 1000; i++) _hub.Publish(Change($"j-{i}"));
        }
        string[] lines = await File.ReadAllLinesAsync(_file, TestContext.Current.CancellationToken);
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"j-{i}"), lines.Select(line => (string?)JsonNode.Parse(line)!["detail"]!["jobId"]));
        Assert.Equal(1000, lines.Select(line => (string?)JsonNode.Parse(line)!["id"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task File_ThatCannotBe_IsAProblem()
    {
        var echo = new EchoTransport([]);
        Result<BatchServer> started = await BatchServer.StartAsync(
            new BatchServerOptions
            {
                Urls = [new Uri("http://127.0.0.1:0")],
                Keys = null,
                Events = _hub,
                EventFile = "/dev/null/events",
            }, echo, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("RF5115", Assert.Single(started.Problems).Code);
    }

    [Fact]
    public async Task Stream_SendsNewEvents()
    {
        await using TestServer server = await TestServer.StartAsync(new EchoTransport([]), events: _hub);
        using CancellationTokenSource limit = Eventually.Stop();
        using HttpRequestMessage request = server.Signed(HttpMethod.Get, "/refrag/events", null);
        using HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        // Its first line is written when it listens.
        Assert.StartsWith(":", await reader.ReadLineAsync(limit.Token), StringComparison.Ordinal);
        await reader.ReadLineAsync(limit.Token);

        _hub.Publish(Change("j-1"));

        Assert.StartsWith("id: ", await reader.ReadLineAsync(limit.Token), StringComparison.Ordinal);
        Assert.Equal("event: Batch Job State Change", await reader.ReadLineAsync(limit.Token));
        string data = (await reader.ReadLineAsync(limit.Token))!;
        Assert.Equal("j-1", (string?)JsonNode.Parse(data["data: ".Length..])!["detail"]!["jobId"]);
        Assert.Equal("", await reader.ReadLineAsync(limit.Token));
    }

    [Fact]
    public async Task Stream_Unsigned_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync(new EchoTransport([]), events: _hub);
        Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/refrag/events"));
        Assert.Equal((HttpStatusCode.Forbidden, "MissingAuthenticationTokenException"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public void Subscription_ThatIsSlow_LosesTheOldestAndIsNotified()
    {
        using EventSubscription slow = _hub.Subscribe(2);
        for (int i = 0; i < 5; i++) _hub.Publish(Change($"j-{i}"));
        Assert.Equal(3, slow.TakeMissed());
        Assert.Equal(0, slow.TakeMissed());
        Assert.True(slow.Reader.TryRead(out PublishedEvent? first));
        Assert.Contains("\"j-3\"", System.Text.Encoding.UTF8.GetString(first.Json.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 200 }, 1, 0)]
    [InlineData(new[] { 503, 429, 200 }, 3, 0)]
    [InlineData(new[] { 404 }, 1, 1)]
    [InlineData(new[] { 302 }, 1, 1)]
    [InlineData(new[] { 500, 500, 500, 500, 500 }, 5, 1)]
    public async Task Webhook_Answering_IsTriedAsOftenAsItHelps(int[] answers, int posts, int givenUp)
    {
        var time = new FakeTimeProvider();
        var target = new Target(answers);
        var log = new ConcurrentQueue<string>();
        using var http = new HttpClient(target);
        EventSubscription events = _hub.Subscribe(10);
        _hub.Publish(Change("j-1"));
        events.Dispose();
        Task delivering =
            new EventWebhook(new Uri("http://hook.example"), http, events, log.Enqueue, time).RunAsync(
                TestContext.Current.CancellationToken);
        using CancellationTokenSource limit = Eventually.Stop();
        // Its pauses are on the fake clock; each step of it lets what is ready continue.
        while (!delivering.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await delivering;
        Assert.Equal((posts, givenUp), (target.Posts, log.Count));
    }

    [Fact]
    public async Task Webhook_ThatNeverAnswers_IsGivenUpAndTheNextIsSent()
    {
        var time = new FakeTimeProvider();
        var log = new ConcurrentQueue<string>();
        using var http = new HttpClient(new Silent());
        EventSubscription events = _hub.Subscribe(10);
        _hub.Publish(Change("j-1"));
        _hub.Publish(Change("j-2"));
        events.Dispose();
        Task delivering =
            new EventWebhook(new Uri("http://hook.example"), http, events, log.Enqueue, time).RunAsync(
                TestContext.Current.CancellationToken);
        using CancellationTokenSource limit = Eventually.Stop();
        while (!delivering.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(2, log.Count);
        Assert.All(log, line => Assert.Contains("no answer within 10 s", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task File_OnAFullDisk_LosesEventsAndSaysSoOnce()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full on this system.");
        TestServer server =
            await TestServer.StartAsync(new EchoTransport([]), events: _hub, change: o => o with { EventFile = "/dev/full" });
        for (int i = 0; i < 1000; i++) _hub.Publish(Change($"j-{i}"));
        await server.DisposeAsync();
        Assert.StartsWith("Events could not be written to /dev/full", Assert.Single(server.Log), StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private static JobStateChanged Change(string id) => new() { Time = s_time, Job = Detail(id) };

    private static JobDetail Detail(string id) => new()
    {
        JobArn = $"arn:aws:batch:us-east-1:000000000000:job/{id}",
        JobId = id,
        JobName = "name",
        JobQueue = "arn:aws:batch:us-east-1:000000000000:job-queue/q",
        JobDefinition = "d",
        Status = JobStatus.Runnable,
        StartedAt = 1,
    };

    private sealed class Silent : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    private sealed class Target(int[] answers) : HttpMessageHandler
    {
        private int _posts;

        public int Posts => _posts;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)answers[_posts++]));
    }
}

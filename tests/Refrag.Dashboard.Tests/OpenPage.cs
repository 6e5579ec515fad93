using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Refrag.Dashboard.Sources;

namespace Refrag.Dashboard.Tests;

/// <summary>The page of a server on a free port, and a browser's requests to it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly DashboardServer _server;

    private OpenPage(DashboardServer server, FakeBatch batch, FakeSource source, List<Uri> announced)
    {
        (_server, Batch, Source, Announced) = (server, batch, source, announced);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Url };
    }

    /// <summary>The lines about faults of the server's own.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    public FakeBatch Batch { get; }

    public FakeSource Source { get; }

    /// <summary>The addresses that were shown after one was used.</summary>
    public IReadOnlyList<Uri> Announced { get; }

    public HttpClient Http { get; }

    public Uri Url => _server.Url;

    public Uri Entrance => _server.Entrance;

    /// <summary>What the browser sends as its cookie; null before it was let in.</summary>
    public string? Cookie { get; private set; }

    public string Csrf { get; private set; } = "";

    public string Origin => Url.GetLeftPart(UriPartial.Authority);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<OpenPage> StartAsync(
        bool readOnly = false, bool enter = true, FakeBatch? batch = null, TimeProvider? time = null)
    {
        List<Uri> announced = [];
        List<string> faults = [];
        batch ??= new FakeBatch();
        FakeSource source = new(batch);
        var options = new DashboardOptions
        {
            Url = new Uri("http://127.0.0.1:0"),
            Place = new DashboardPlace { Name = "fake", Region = "us-east-1", Words = "env=awsbatch" },
            ReadOnly = readOnly,
            RequestsPerSecond = 1000,
            Announce = announced.Add,
            Log = faults.Add,
        };
        Result<DashboardServer> started = await DashboardServer.StartAsync(options, source, time ?? TimeProvider.System, Stop);
        var page = new OpenPage(started.Value, batch, source, announced) { Faults = faults };
        if (enter) await page.EnterAsync();
        return page;
    }

    /// <summary>Opens the address that was printed, and asks who it is.</summary>
    public async Task EnterAsync()
    {
        using HttpResponseMessage answer = await Http.GetAsync(Entrance, Stop);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Csrf = (string)(await JsonAsync("/api/session"))["csrf"]!;
    }

    /// <summary>A request as the page's script sends it; a change takes something away.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (Cookie is { } cookie) request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (body is null) return request;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Origin", Origin);
        request.Headers.Add("X-Refrag-Csrf", Csrf);
        return request;
    }

    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage answer = await Http.SendAsync(request, Stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop), answer.Headers);
        }
    }

    public async Task<JsonNode> JsonAsync(string path)
    {
        var (status, body, _) = await SendAsync(Request(HttpMethod.Get, path));
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!;
    }

    public async Task<JsonNode> PostAsync(string path, string body)
    {
        var (status, text, _) = await SendAsync(Request(HttpMethod.Post, path, body));
        Assert.True(status == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The events of a stream as they come.</summary>
    public async IAsyncEnumerable<(string Name, JsonNode Data)> EventsAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource limit = Eventually.Stop();
        using HttpRequestMessage request = Request(HttpMethod.Get, path);
        using HttpResponseMessage answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        string name = "";
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return (name, JsonNode.Parse(line["data: ".Length..])!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}

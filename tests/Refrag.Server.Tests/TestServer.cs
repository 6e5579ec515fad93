using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Server.Access;
using Refrag.Server.Events;

namespace Refrag.Server.Tests;

/// <summary>What a server answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ErrorType, string Body, HttpResponseHeaders Headers)
{
    public string Message => (string?)JsonNode.Parse(Body)!["message"] ?? "";

    public override string ToString() => $"{(int)Status} {ErrorType} {Body}";
}

/// <summary>A server on a free port of loopback, and a client that signs.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly BatchServer _server;

    private TestServer(BatchServer server, TimeProvider time)
    {
        (_server, Time) = (server, time);
        Http = new HttpClient { BaseAddress = server.Urls[0] };
    }

    public static AccessKey Key { get; } = new()
    {
        AccessKeyId = "AKIAIOSFODNN7EXAMPLE",
        SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    };

    public HttpClient Http { get; }

    public TimeProvider Time { get; }

    public Uri Url => _server.Urls[0];

    public List<string> Log { get; private set; } = [];

    public static async Task<TestServer> StartAsync(
        IAwsTransport transport, TimeProvider? time = null, EventHub? events = null,
        Func<BatchServerOptions, BatchServerOptions>? change = null)
    {
        var log = new List<string>();
        var options = new BatchServerOptions
        {
            Urls = [new Uri("http://127.0.0.1:0")],
            Keys = [Key],
            Events = events,
            Log = line =>
            {
                lock (log) log.Add(line);
            },
        };
        Result<BatchServer> started = await BatchServer.StartAsync(
            change?.Invoke(options) ?? options, transport, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        var server = new TestServer(started.Value, time ?? TimeProvider.System);
        server.Log = log;
        return server;
    }

    /// <summary>A signed request of an operation of Batch with a body.</summary>
    public Task<Answer> AskAsync(AwsOperation operation, string body, string? path = null) =>
        SendAsync(Signed(operation.Method, path ?? operation.Path, body));

    /// <summary>A request that is signed with <see cref="Key"/>, or with another.</summary>
    public HttpRequestMessage Signed(HttpMethod method, string path, string? body, AwsKeys? keys = null, AwsService? service = null,
        DateTimeOffset? at = null, string? target = null, string region = "us-east-1", string? type = null)
    {
        var request = new HttpRequestMessage(method, Url.GetLeftPart(UriPartial.Authority) + path);
        byte[] bytes = method == HttpMethod.Post ? Encoding.UTF8.GetBytes(body ?? "") : [];
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType =
                new MediaTypeHeaderValue(type ?? (target is null ? "application/json" : "application/x-amz-json-1.1"));
        }
        if (target is not null) request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        SignatureV4.Sign(request, bytes, keys ?? new AwsKeys(Key.AccessKeyId, Key.SecretAccessKey), region,
            (service ?? AwsService.Batch).Name, at ?? Time.GetUtcNow());
        return request;
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
            string? type = response.Headers.TryGetValues("x-amzn-ErrorType", out IEnumerable<string>? values) ? values.Single() : null;
            return new Answer(response.StatusCode, type, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}

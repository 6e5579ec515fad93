using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Server.Tests.Endpoints;

namespace Refrag.Server.Tests.Reading;

/// <summary>Bodies that no operation can read, sent to each.</summary>
public sealed class BodyTests
{
    private readonly EchoTransport _untouched = new([]);

    public static TheoryData<string> NoJson =>
    [
        "{", "}", "{\"jobs\":[\"a\"}", "{\"jobs\":[\"a\"]} x", "{'jobs':1}", "nonsense", "{\"a\":1,}", "// {}", "\u0000",
        "null", "[]", "1", "\"text\"", "true", new string('[', 100_000),
        "{\"x\":" + string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40)) + "}",
    ];

    [Theory]
    [MemberData(nameof(NoJson))]
    public async Task Body_NotOfTheOperation_IsRefused(string body)
    {
        await using TestServer server = await TestServer.StartAsync(_untouched);
        foreach (AwsOperation operation in BatchOperations.All.Where(o => o.Method == HttpMethod.Post))
        {
            Answer answer = await server.AskAsync(operation, body, Specimen.PathOf(operation));
            Assert.True(
                (answer.Status, answer.ErrorType) == (HttpStatusCode.BadRequest, "SerializationException"), $"{operation}: {answer}");
        }
        Assert.Empty(server.Log);
        Assert.Empty(_untouched.Asked);
    }

    [Fact]
    public async Task Body_NotUtf8_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync(_untouched, change: o => o with { Keys = null });
        foreach (byte[] body
            in (byte[][])[[.. "{\"jobName\":\""u8, 0xff, 0xfe, .. "\"}"u8], [0xff, 0xfe, (byte)'{', 0, (byte)'}', 0],
                [0xef, 0xbb, 0xbf, (byte)'{', (byte)'}', (byte)'{'], [.. """{"jobName":"\ud800"}"""u8]])
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/submitjob") { Content = new ByteArrayContent(body) };
            request.Headers.TryAddWithoutValidation("Authorization", "any");
            Answer answer = await server.SendAsync(request);
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.BadRequest, "SerializationException"), answer.ToString());
        }
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Body_Empty_IsAnEmptyObject()
    {
        var echo = new EchoTransport(new JsonObject { ["DescribeJobQueues"] = new JsonObject() });
        await using TestServer server = await TestServer.StartAsync(echo);
        Assert.Equal((HttpStatusCode.OK, "{}"),
            await server.AskAsync(BatchOperations.DescribeJobQueues, "") is var answer ? (answer.Status, answer.Body) : default);
    }

    [Fact]
    public async Task Body_OfTenMebiBytes_IsRefusedByEveryOperation()
    {
        string body = $$"""{"jobName":"{{new string('a', 10 * 1024 * 1024)}}"}""";
        await using TestServer server = await TestServer.StartAsync(_untouched, change: o => o with { Keys = null });
        foreach (AwsOperation operation in BatchOperations.All.Where(o => o.Method == HttpMethod.Post))
        {
            foreach (bool chunked in (bool[])[false, true])
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Specimen.PathOf(operation))
                {
                    Content = new StringContent(body, null, "application/json"),
                };
                request.Headers.TryAddWithoutValidation("Authorization", "any");
                request.Headers.TransferEncodingChunked = chunked;
                Answer answer = await server.SendAsync(request);
                Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLargeException"),
                    $"{operation}: {answer}");
            }
        }
        Assert.Empty(server.Log);
        Assert.Empty(_untouched.Asked);
    }

    [Theory]
    [InlineData("GET", "/v1/submitjob")]
    [InlineData("POST", "/v1/nothing")]
    [InlineData("POST", "/v1/submitjob/")]
    [InlineData("POST", "/v1/../v1/submitjob")]
    [InlineData("POST", "//v1/submitjob")]
    [InlineData("POST", "/v1/tags/")]
    [InlineData("PUT", "/v1/tags/a")]
    [InlineData("POST", "/")]
    public async Task Operation_Unknown_Is404(string method, string path)
    {
        await using TestServer server = await TestServer.StartAsync(_untouched);
        string answer =
            await RawAsync(server, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.Contains("x-amzn-ErrorType: UnknownOperationException", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData(
        "POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "0\r\n\r\n", "40")]
    [InlineData("POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nAuthorization: any\r\n\r\n", "413")]
    [InlineData("POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData(
        "POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            "400")]
    [InlineData(
        "POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nOrigin: http://evil.example\r\n\r\n", "403")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example\r\n\r\n", "403")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: \r\n\r\n", "403")]
    [InlineData("POST /v1/submitjob HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nAuthorization: any\r\n\r\n", "403")]
    public async Task Http_Broken_IsRefused(string request, string status)
    {
        await using TestServer server = await TestServer.StartAsync(_untouched, change: o => o with { Keys = null });
        Assert.StartsWith($"HTTP/1.1 {status}", await RawAsync(server, request), StringComparison.Ordinal);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Headers_TooManyOrTooLong_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync(_untouched);
        string many = string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: a\r\n")), longOne =
            $"X-A: {new string('a', 40_000)}\r\n", path = new('a', 40_000);
        Assert.StartsWith(
            "HTTP/1.1 431", await RawAsync(server, $"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 431", await RawAsync(server, $"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{longOne}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 414", await RawAsync(server, $"GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    private static async Task<string> RawAsync(TestServer server, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Url.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        var buffer = new byte[8192];
        int read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(buffer, 0, read);
    }
}

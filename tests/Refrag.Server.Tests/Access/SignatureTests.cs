using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Server.Endpoints;
using Refrag.Server.Events;

namespace Refrag.Server.Tests.Access;

public sealed class SignatureTests
{
    private const string Path = "/v1/describejobs";
    private const string Body = """{"jobs":["a"]}""";
    private static readonly FakeTimeProvider s_time = new(new DateTimeOffset(2026, 11, 22, 18, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(0)]
    [InlineData(-300)]
    [InlineData(300)]
    public async Task Signature_OfThisTime_IsTaken(int seconds)
    {
        await using TestServer server = await StartAsync();
        Answer answer = await server.SendAsync(server.Signed(HttpMethod.Post, Path, Body, at: s_time.GetUtcNow().AddSeconds(seconds)));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-amzn-RequestId").Single(), out _));
    }

    [Theory]
    [InlineData(-301, "Signature expired: 20261122T182459Z is now earlier than 20261122T182500Z (20261122T183000Z - 5 min.)")]
    [InlineData(301, "Signature not yet current: 20261122T183501Z is still later than 20261122T183500Z (20261122T183000Z + 5 min.)")]
    public async Task Signature_OfAnotherTime_IsRefused(int seconds, string message)
    {
        await using TestServer server = await StartAsync();
        await RefusedAsync(server, server.Signed(HttpMethod.Post, Path, Body, at: s_time.GetUtcNow().AddSeconds(seconds)),
            "InvalidSignatureException", message);
    }

    [Fact]
    public async Task Body_OtherThanSigned_IsRefused()
    {
        await using TestServer server = await StartAsync();
        HttpRequestMessage request = server.Signed(HttpMethod.Post, Path, Body);
        request.Content = new StringContent("""{"jobs":["b"]}""", null, "application/json");
        request.Content.Headers.ContentType!.CharSet = null;
        await RefusedAsync(server, request, "InvalidSignatureException", "does not match");
    }

    [Fact]
    public async Task BodyHash_OtherThanTheBodys_IsRefused()
    {
        await using TestServer server = await StartAsync();
        HttpRequestMessage request = server.Signed(HttpMethod.Post, Path, Body);
        request.Headers.Remove("Authorization");
        request.Headers.Add("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        request.Headers.Remove("X-Amz-Date");
        SignatureV4.Sign(request, System.Text.Encoding.UTF8.GetBytes(Body),
            new AwsKeys(TestServer.Key.AccessKeyId, TestServer.Key.SecretAccessKey), "us-east-1", "batch", s_time.GetUtcNow());
        await RefusedAsync(server, request, "InvalidSignatureException", "x-amz-content-sha256");
    }

    [Fact]
    public async Task PathOrQuery_OtherThanSigned_IsRefused()
    {
        await using TestServer server = await StartAsync();
        HttpRequestMessage request = server.Signed(HttpMethod.Delete, "/v1/tags/arn%3Aaws?tagKeys=a", null);
        request.RequestUri = new Uri(server.Url, "/v1/tags/arn%3Aaws?tagKeys=b");
        await RefusedAsync(server, request, "InvalidSignatureException", "does not match");
        request = server.Signed(HttpMethod.Delete, "/v1/tags/arn%3Aaws?tagKeys=a", null);
        request.RequestUri = new Uri(server.Url, "/v1/tags/arn%3Aawz?tagKeys=a");
        await RefusedAsync(server, request, "InvalidSignatureException", "does not match");
    }

    [Fact]
    public async Task HeaderOfAmazon_NotSigned_IsRefused()
    {
        await using TestServer server = await StartAsync();
        HttpRequestMessage request = server.Signed(HttpMethod.Post, Path, Body);
        request.Headers.Add("X-Amz-Meta", "1");
        await RefusedAsync(server, request, "InvalidSignatureException", "'x-amz-meta' must be a 'SignedHeader'");
    }

    [Fact]
    public async Task Secret_Wrong_IsRefused()
    {
        await using TestServer server = await StartAsync();
        await RefusedAsync(server, server.Signed(HttpMethod.Post, Path, Body, new AwsKeys(TestServer.Key.AccessKeyId, "wrong")),
            "InvalidSignatureException", "does not match");
    }

    [Fact]
    public async Task KeyOrToken_Unknown_IsRefused()
    {
        await using TestServer server = await StartAsync();
        await RefusedAsync(server, server.Signed(HttpMethod.Post, Path, Body, new AwsKeys("AKIAUNKNOWN", "wrong")),
            "UnrecognizedClientException", "security token");
        await RefusedAsync(
            server, server.Signed(HttpMethod.Post, Path, Body,
                new AwsKeys(TestServer.Key.AccessKeyId, TestServer.Key.SecretAccessKey, "token")), "UnrecognizedClientException",
                "security token");
    }

    [Fact]
    public async Task Service_OfTheScope_MustBeTheOperations()
    {
        await using TestServer server = await StartAsync();
        await RefusedAsync(server, server.Signed(HttpMethod.Post, Path, Body, service: AwsService.Logs), "InvalidSignatureException",
            "correct service: 'batch'");
        Answer logs = await server.SendAsync(server.Signed(HttpMethod.Post, "/", "{}", target: "Logs_20140328.DescribeLogGroups"));
        Assert.Equal((HttpStatusCode.Forbidden, "InvalidSignatureException"), (logs.Status, (string?)JsonNode.Parse(logs.Body)!["__type"]));
    }

    [Theory]
    [InlineData(null, "MissingAuthenticationTokenException")]
    [InlineData("Bearer abc", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/batch/aws4_request, Signature=0",
        "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/batch/aws4_request, SignedHeaders=host, Signature=0",
        "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/2026112211/us-east-1/batch/aws4_request, SignedHeaders=host, Signature=0",
        "IncompleteSignatureException")]
    public async Task Header_WithoutItsParts_IsRefused(string? header, string code)
    {
        await using TestServer server = await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Body) };
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
        await RefusedAsync(server, request, code, "");
    }

    [Fact]
    public async Task Request_Unsigned_IsRefusedUnlessForHealthOrTaskMetadata()
    {
        var rehearsing = new Rehearsing(
            (_, _) => Task.FromResult<IReadOnlyList<Problem>>([]), (_, _) => Task.FromResult(new RehearsedFleets([], [])),
            (_, _, _) => Task.FromResult(new DescribeStartResponse { AskedAt = s_time.GetUtcNow() }));
        await using TestServer server =
            await TestServer.StartAsync(Echo(), s_time, new EventHub(),
                change: o => o with { Rehearsing = rehearsing, TaskMetadata = (key, _) => Task.FromResult<string?>($"of {key}") });
        (HttpMethod, string)[] signed =
            [.. BatchOperations.All.Select(operation => (operation.Method, operation.Path.Replace("{resourceArn}", "arn"))),
                (HttpMethod.Post, "/"), (HttpMethod.Get, "/refrag/events"), (HttpMethod.Get, "/rehearsal/fleets"),
                (HttpMethod.Get, "/rehearsal/start"),
                (HttpMethod.Post, "/rehearsal/events")];
        foreach ((HttpMethod method, string path) in signed)
        {
            var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Get ? null : new StringContent("{}") };
            // What addresses an operation of another service.
            if (path == "/") request.Headers.Add("X-Amz-Target", "Logs_20140328.DescribeLogGroups");
            Answer answer = await server.SendAsync(request);
            Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{method} {path}: {answer}");
            Assert.Contains("MissingAuthenticationTokenException", answer.ErrorType + answer.Body, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"))).Status);
        Answer metadata = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v4/key/task"));
        Assert.Equal((HttpStatusCode.OK, "of key/task"), (metadata.Status, metadata.Body));
    }

    [Fact]
    public async Task AnyCredentials_WhereAllowed_StillNeedAHeader()
    {
        await using TestServer server = await TestServer.StartAsync(Echo(), change: o => o with { Keys = null });
        await RefusedAsync(server, new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Body) },
            "MissingAuthenticationTokenException", "");
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Body) };
        request.Headers.TryAddWithoutValidation("Authorization", "anything");
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).Status);
    }

    private static EchoTransport Echo() => new(new JsonObject { ["DescribeJobs"] = new JsonObject { ["jobs"] = new JsonArray() } });

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(Echo(), time: s_time);

    private static async Task RefusedAsync(TestServer server, HttpRequestMessage request, string code, string message)
    {
        Answer answer = await server.SendAsync(request);
        Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, code), answer.ToString());
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Empty(server.Log);
    }
}

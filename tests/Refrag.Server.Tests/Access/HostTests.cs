using System.Net;
using System.Text.Json.Nodes;

namespace Refrag.Server.Tests.Access;

public sealed class HostTests
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example:80")]
    [InlineData("169.254.169.254")]
    [InlineData("localhost.")]
    public async Task Host_Foreign_IsRefusedEverywhere(string host)
    {
        await using TestServer server = await TestServer.StartAsync(new EchoTransport([]), change: o => o with { Keys = null });
        foreach (string path in (string[])["/healthz", "/v1/describejobs", "/refrag/events", "/"])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            Answer answer = await server.SendAsync(request);
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, "AccessDeniedException"), answer.ToString());
        }
    }

    [Theory]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:9")]
    [InlineData("BATCH.internal")]
    public async Task Host_OfLoopbackOrAllowed_IsTaken(string host)
    {
        await using TestServer server =
            await TestServer.StartAsync(new EchoTransport([]), change: o => o with { AllowedHosts = ["batch.internal"] });
        var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Host = host;
        Answer answer = await server.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("ready", (string?)JsonNode.Parse(answer.Body)!["status"]);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Origin_Foreign_IsRefused(string origin)
    {
        await using TestServer server = await TestServer.StartAsync(new EchoTransport([]), change: o => o with { Keys = null });
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Options])
        {
            var request = new HttpRequestMessage(method, "/v1/submitjob");
            request.Headers.Add("Origin", origin);
            request.Headers.TryAddWithoutValidation("Authorization", "x");
            Answer answer = await server.SendAsync(request);
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, "AccessDeniedException"), answer.ToString());
            Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false, false, "RF5110")]
    [InlineData("http://192.0.2.1:80", false, false, "RF5110")]
    [InlineData("http://[::]:0", true, true, "RF5111")]
    [InlineData("https://127.0.0.1:0", false, false, "RF5112")]
    [InlineData("http://127.0.0.1:0/batch", false, false, "RF5112")]
    [InlineData("127.0.0.1:9099", false, false, "RF5112")]
    public async Task Address_NotOfLoopback_NeedsToBeAskedFor(string url, bool allowRemote, bool anyCredentials, string code)
    {
        var options = new BatchServerOptions
        {
            Urls = [new Uri(url, UriKind.RelativeOrAbsolute)],
            Keys = anyCredentials ? null : [TestServer.Key],
            AllowRemote = allowRemote,
        };
        var echo = new EchoTransport([]);
        Result<BatchServer> started =
            await BatchServer.StartAsync(options, echo, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(code, Assert.Single(started.Problems).Code);
    }

    [Fact]
    public async Task Address_InUse_IsAProblem()
    {
        var echo = new EchoTransport([]);
        await using TestServer first = await TestServer.StartAsync(echo);
        Result<BatchServer> second = await BatchServer.StartAsync(
            new BatchServerOptions { Urls = [first.Url], Keys = [TestServer.Key] }, echo, TimeProvider.System,
            TestContext.Current.CancellationToken);
        Assert.Equal("RF5114", Assert.Single(second.Problems).Code);
    }
}

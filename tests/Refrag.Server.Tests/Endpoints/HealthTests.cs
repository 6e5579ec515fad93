using System.Net;
using System.Text.Json.Nodes;

namespace Refrag.Server.Tests.Endpoints;

public sealed class HealthTests
{
    [Theory]
    [InlineData("starting", null, HttpStatusCode.ServiceUnavailable)]
    [InlineData("ready", null, HttpStatusCode.OK)]
    [InlineData("disk-full", "RF4011 no room", HttpStatusCode.ServiceUnavailable)]
    public async Task Healthz_AnyStatus_IsAnsweredWith503UnlessReady(string status, string? reason, HttpStatusCode code)
    {
        await using TestServer server =
            await TestServer.StartAsync(new EchoTransport([]), change: o => o with { Health = () => new ServerHealth(status, reason) });
        Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        JsonNode body = JsonNode.Parse(answer.Body)!;
        Assert.Equal((code, status, reason), (answer.Status, (string?)body["status"], (string?)body["reason"]));
    }
}

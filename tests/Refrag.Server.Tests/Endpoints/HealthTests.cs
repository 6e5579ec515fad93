using System.Net;
using System.Text.Json.Nodes;
using Refrag.Engine.Loop;

namespace Refrag.Server.Tests.Endpoints;

public sealed class HealthTests
{
    [Theory]
    [InlineData(EngineStatus.Starting, "starting", null, HttpStatusCode.ServiceUnavailable)]
    [InlineData(EngineStatus.Ready, "ready", null, HttpStatusCode.OK)]
    [InlineData(EngineStatus.DiskFull, "disk-full", "RF4011 no room", HttpStatusCode.ServiceUnavailable)]
    [InlineData(EngineStatus.Stopping, "stopping", null, HttpStatusCode.ServiceUnavailable)]
    [InlineData(EngineStatus.CommitFailed, "commit-failed", "RF4011 not written", HttpStatusCode.ServiceUnavailable)]
    [InlineData(EngineStatus.Failed, "failed", "RF4019 a bug", HttpStatusCode.ServiceUnavailable)]
    public async Task Healthz_HasAStateForEachEngineStatus(EngineStatus status, string word, string? reason, HttpStatusCode code)
    {
        await using TestServer server =
            await TestServer.StartAsync(new EchoTransport([]), change: o => o with { Health = () => new EngineHealth(status, reason) });
        Answer answer = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/healthz"));
        JsonNode body = JsonNode.Parse(answer.Body)!;
        Assert.Equal((code, word, reason), (answer.Status, (string?)body["status"], (string?)body["reason"]));
    }
}

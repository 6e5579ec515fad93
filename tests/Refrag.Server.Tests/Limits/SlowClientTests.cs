using System.Net;
using System.Net.Sockets;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Server.Limits;

namespace Refrag.Server.Tests.Limits;

/// <summary>A client that keeps a connection busy without getting on is cut off, and no other client waits for it.</summary>
public sealed class SlowClientTests
{
    private const string Head =
        "POST /v1/describejobqueues HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: any\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("POST /v1/describejobqueues HTTP/1.1\r\nHost: 127.0.0.1\r\n")]
    [InlineData(Head + "Content-Length: 1000\r\n\r\n{")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")]
    public async Task Request_ThatStalls_IsCutOff(string begun)
    {
        await using var engine = new LocalBatch();
        await using TestServer server = await TestServer.StartAsync(engine, change: options => options with { Keys = null });
        // The first question of all takes longest, and the slow client's time is limited.
        await server.AskAsync(BatchOperations.DescribeJobQueues, "{}");
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, server.Url.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begun), TestContext.Current.CancellationToken);
        Task<string> said = ToEndAsync(stream);

        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(BatchOperations.DescribeJobQueues, "{}")).Status);
        Assert.False(said.IsCompleted);

        string answer = await said.Soon();
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAndThoseBeforeAreServed()
    {
        await using var engine = new LocalBatch();
        await using TestServer server = await TestServer.StartAsync(engine, change: options => options with { Keys = null });
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(BatchOperations.DescribeJobQueues, "{}")).Status);
        List<TcpClient> idle = [];
        // One is the connection of the question above.
        for (int i = 1; i < ServerLimits.Connections; i++) idle.Add(await ConnectAsync(server));
        using TcpClient tooMany = await ConnectAsync(server);

        Assert.Equal("", await ToEndAsync(tooMany.GetStream()).Soon());
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(BatchOperations.DescribeJobQueues, "{}")).Status);
        foreach (TcpClient one in idle) one.Dispose();
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port, TestContext.Current.CancellationToken);
        return client;
    }

    // A connection that is reset has been cut off as well.
    private static async Task<string> ToEndAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        try
        {
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return "";
        }
    }
}

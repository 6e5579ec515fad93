using System.Net;
using System.Net.Sockets;
using System.Text;
using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Aws.Events;
using Refrag.Server.Events;

namespace Refrag.Server.Tests.Limits;

/// <summary>
/// A client that asks and does not read what it is answered is cut off; it holds no more of the server than one answer, and no other client
/// waits for it.
/// </summary>
public sealed class SlowReaderTests
{
    private const int Asked = 400;
    private const string Head = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: any\r\n";

    [Fact]
    public async Task Answers_ThatAreNotRead_AreNotMadeAndTheClientIsCutOff()
    {
        await using var engine = new LocalBatch();
        string ids = await SubmitLargeJobsAsync(engine);
        var counted = new CountingTransport(engine);
        await using TestServer server = await TestServer.StartAsync(counted, change: options => options with { Keys = null });
        using Socket slow = await ConnectAsync(server);
        byte[] request =
            Encoding.ASCII.GetBytes(
                $"POST /v1/describejobs{Head}Content-Type: application/json\r\nContent-Length: {ids.Length}\r\n\r\n{ids}");
        for (int i = 0; i < Asked; i++) await SendAsync(slow, request);

        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(BatchOperations.DescribeJobQueues, "{}")).Status);
        await CutOffAsync(slow);

        // What the system's buffers hold, and one more.
        Assert.InRange(counted.Passed, 1, Asked - 1);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(BatchOperations.DescribeJobQueues, "{}")).Status);
        Assert.True(server.Log.Count == 0, string.Join("\n", server.Log));
        await engine.StopAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Events_ThatAreNotRead_CutTheReaderOffAndNoOther()
    {
        var hub = new EventHub();
        await using TestServer server =
            await TestServer.StartAsync(new EchoTransport([]), events: hub, change: options => options with { Keys = null });
        using Socket slow = await ConnectAsync(server);
        await SendAsync(slow, Encoding.ASCII.GetBytes($"GET /refrag/events{Head}\r\n"));
        await Eventually.HoldsAsync(() => hub.IsWanted);

        // Its place among the listeners is taken from it when the connection is.
        int number = 0;
        await Eventually.HoldsAsync(() =>
        {
            for (int i = 0; i < 100
                && hub.IsWanted; i++) hub.Publish(new JobStateChanged { Time = DateTimeOffset.UnixEpoch, Job = Large(number++) });
            return !hub.IsWanted;
        });
        using EventSubscription other = hub.Subscribe(1);
        hub.Publish(new JobStateChanged { Time = DateTimeOffset.UnixEpoch, Job = Large(0) });
        Assert.True(other.Reader.TryRead(out _));
        Assert.Empty(server.Log);
    }

    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Url.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (int sent =
            0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), TestContext.Current.CancellationToken);
    }

    // A connection that is reset fails what is sent on it; nothing is read, or it would be another client.
    private static async Task CutOffAsync(Socket socket)
    {
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await socket.SendAsync("\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        });
    }

    private static async Task<string> SubmitLargeJobsAsync(LocalBatch engine)
    {
        List<string> ids = [];
        for (int i = 0; i < 100; i++)
        {
            SubmitJobResponse taken = await engine.SendAsync(
                BatchOperations.SubmitJob,
                new SubmitJobRequest
                {
                    JobName = "large",
                    JobQueue = "refrag-cpu-job-queue",
                    JobDefinition = "refrag-cpu-job-def",
                    ContainerOverrides = new ContainerOverrides
                    {
                        Command = ["sleep", "600"],
                        Environment = [new Refrag.Aws.Batch.KeyValuePair { Name = "A", Value = new string('a', 7000) }],
                    },
                },
                TestContext.Current.CancellationToken);
            ids.Add($"\"{taken.JobId}\"");
        }
        return $$"""{"jobs":[{{string.Join(',', ids)}}]}""";
    }

    private static JobDetail Large(int number) => new()
    {
        JobArn = "arn:aws:batch:us-east-1:000000000000:job/j",
        JobId = $"j-{number}",
        JobName = "name",
        JobQueue = "arn:aws:batch:us-east-1:000000000000:job-queue/q",
        JobDefinition = "d",
        Status = JobStatus.Runnable,
        StartedAt = 1,
        StatusReason = new string('r', 10_000),
    };
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Refrag.Aws;
using Refrag.Cli.Context;
using Refrag.Server;
using Refrag.Server.Access;

namespace Refrag.Cli.Tests.Commands.Serve;

/// <summary><c>refrag serve --check</c>, of servers that listen in this process.</summary>
public sealed class ServerCheckTests : IDisposable
{
    private readonly TestProgram _program = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Check_ServerThatIsReady_SucceedsWithoutAKey()
    {
        await using BatchServer server = await ServeAsync(new ServerHealth(ServerHealth.Ready));

        Assert.Equal(ExitCodes.Success, await CheckAsync(UrlOf(server)));
        Assert.Equal($"Ready: {UrlOf(server)}, version 1.2.3, runner simulated\n", _program.Output);
        Assert.Empty(_program.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_program.Folder.Path));
    }

    // A container's server listens on all interfaces, and its health check has the same address.
    [Fact]
    public async Task Check_AddressOfAllInterfaces_AsksOnLoopback()
    {
        await using BatchServer server = await ServeAsync(new ServerHealth(ServerHealth.Ready));

        Assert.Equal(ExitCodes.Success, await CheckAsync($"http://0.0.0.0:{server.Urls[0].Port}"));
    }

    // The words of docs/concepts/server.md.
    [Theory]
    [InlineData("starting", null)]
    [InlineData("stopping", null)]
    [InlineData("disk-full", "the state cannot be written")]
    [InlineData("commit-failed", "the disk is gone")]
    [InlineData("failed", "an internal error")]
    public async Task Check_ServerThatTakesNoRequests_SaysWhy(string status, string? reason)
    {
        await using BatchServer server = await ServeAsync(new ServerHealth(status, reason));

        Assert.Equal(ExitCodes.Unavailable, await CheckAsync(UrlOf(server)));
        Assert.Contains($"RF8092 The server at {UrlOf(server)} takes no requests: {status}\n", _program.Error, StringComparison.Ordinal);
        Assert.Equal(reason is not null, _program.Error.Contains($"cause: {reason}\n", StringComparison.Ordinal));
        Assert.Empty(_program.Output);
    }

    [Fact]
    public async Task Check_SeveralAddresses_FailsIfOneOfThemDoes()
    {
        await using BatchServer ready = await ServeAsync(new ServerHealth(ServerHealth.Ready));
        await using BatchServer full = await ServeAsync(new ServerHealth("disk-full", "no room"));

        Assert.Equal(ExitCodes.Unavailable, await CheckAsync(UrlOf(ready), UrlOf(full)));
        Assert.StartsWith($"Ready: {UrlOf(ready)},", _program.Output, StringComparison.Ordinal);
        Assert.Contains($"RF8092 The server at {UrlOf(full)}", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NothingListens_IsReported()
    {
        Assert.Equal(ExitCodes.Unavailable, await CheckAsync("http://127.0.0.1:1"));
        Assert.Contains("RF8090 No server answers at http://127.0.0.1:1\n", _program.Error, StringComparison.Ordinal);
    }

    // The system takes the connection for a program that does not.
    [Fact]
    public async Task Check_ServerThatDoesNotAnswer_IsReportedAtTheLimit()
    {
        using TcpListener silent = Listen();

        Assert.Equal(ExitCodes.Unavailable, await CheckAsync(_program.Time, $"http://127.0.0.1:{PortOf(silent)}"));
        Assert.Contains("cause: There was no answer within 5 s\n", _program.Error, StringComparison.Ordinal);
        Assert.Equal([TimeSpan.FromSeconds(5)], _program.Time.Waits);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n{\"status\":\"ready\",\"version\":\"1\",\"runner\":\"a\"}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n<html></html>")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n{}")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    public async Task Check_AnotherProgram_IsNotTakenForAServer(string answer)
    {
        using TcpListener other = Listen();
        Task answering = AnswerAsync(other, answer);

        Assert.Equal(ExitCodes.Unavailable, await CheckAsync($"http://127.0.0.1:{PortOf(other)}"));
        await answering.Soon();
        Assert.Contains($"RF8091 Another program answers at http://127.0.0.1:{PortOf(other)}", _program.Error, StringComparison.Ordinal);
        Assert.Empty(_program.Output);
    }

    [Theory]
    [InlineData("nonsense", "RF5112")]
    [InlineData("https://127.0.0.1:9099", "RF5112")]
    [InlineData("http://127.0.0.1:9099/healthz", "RF5112")]
    [InlineData("http://127.0.0.1:0", "RF8093")]
    public async Task Check_WrongAddress_IsRefused(string url, string code)
    {
        Assert.Equal(ExitCodes.Usage, await CheckAsync(url));
        Assert.StartsWith(code, _program.Error, StringComparison.Ordinal);
    }

    private Task<int> CheckAsync(params string[] urls) => CheckAsync(new StandingTime(), urls);

    private Task<int> CheckAsync(TimeProvider time, params string[] urls) => RefragCommandLine.RunAsync(
        _program.Context with { Time = time },
        ["serve", "--check", "--state", "state", .. urls.SelectMany(url => new[] { "--urls", url })]);

    private static string UrlOf(BatchServer server) => server.Urls[0].GetLeftPart(UriPartial.Authority);

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Token);
        NetworkStream stream = client.GetStream();
        // All of the request, or the end of the connection would overtake the answer.
        using StreamReader request = new(stream);
        while (await request.ReadLineAsync(Token) is { Length: > 0 }) continue;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Token);
    }

    private static async Task<BatchServer> ServeAsync(ServerHealth health)
    {
        BatchServerOptions options = new()
        {
            Urls = [new Uri("http://127.0.0.1:0")],
            Keys = [new AccessKey { AccessKeyId = "AKIAIOSFODNN7EXAMPLE", SecretAccessKey = "secret" }],
            Health = () => health,
            Runner = "simulated",
            Version = "1.2.3",
        };
        return (await BatchServer.StartAsync(options, new NoOperations(), TimeProvider.System, Token)).Value;
    }

    /// <summary>A clock on which no limit is ever reached.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed class NoOperations : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class =>
            throw new NotSupportedException(operation.Name);
    }
}

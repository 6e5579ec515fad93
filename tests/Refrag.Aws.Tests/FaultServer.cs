using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Refrag.Aws.Tests;

/// <summary>A request as it came over the wire.</summary>
internal sealed record RawRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string BodyText => Encoding.UTF8.GetString(Body);
}

/// <summary>What the server does with a request. Status 0: close the connection without an answer.</summary>
internal sealed record Reply(int Status, string Body = "{}", params string[] Headers)
{
    public static Reply Lost { get; } = new(0);

    public static Reply Error(int status, string code, string message = "", params string[] headers) =>
        new(status, $$"""{"message":"{{message}}"}""", [$"x-amzn-ErrorType: {code}", .. headers]);
}

/// <summary>
/// A server on loopback that answers as a test sets it up, faults included: TCP and HTTP/1.1 by hand, one connection a request.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawRequest, int, Reply> _answer;
    private readonly Task _loop;

    /// <summary>Starts on a free port.</summary>
    /// <param name="answer">Takes a request and its number, from 1.</param>
    public FaultServer(Func<RawRequest, int, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        int number = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client, ++number);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The client went away or the test is over.
            }
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        await using NetworkStream stream = client.GetStream();
        RawRequest? request = await ReadAsync(stream);
        if (request is null) return;
        Requests.Enqueue(request);
        Reply reply = _answer(request, number);
        if (reply.Status == 0) return;
        byte[] body = Encoding.UTF8.GetBytes(reply.Body);
        string head =
            $"HTTP/1.1 {reply.Status} X\r\nContent-Length: {body.Length}\r\nConnection: close\r\n"
                + $"{string.Concat(reply.Headers.Select(h => h + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
        await stream.WriteAsync(body, _stop.Token);
    }

    private async Task<RawRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Add(one[0]);
        }
        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines[1..].Select(l => l.Split(':', 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1].Trim());
        int length = headers.TryGetValue("content-length", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        string[] start = lines[0].Split(' ');
        return new RawRequest(start[0], start[1], headers, body);
    }

    private static bool EndsHead(List<byte> head) =>
        head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}

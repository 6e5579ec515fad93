using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Peers;

/// <summary>What the proxy does with one request.</summary>
public enum Fault
{
    /// <summary>Passes request and answer on.</summary>
    None,

    /// <summary>Answers 429 TooManyRequestsException; the server never sees the request.</summary>
    Throttle,

    /// <summary>
    /// Answers 403 UnrecognizedClientException, as AWS does to keys that it does not know; the server never sees the request.
    /// </summary>
    Reject,

    /// <summary>Answers 503; the server never sees the request.</summary>
    Unavailable,

    /// <summary>Closes the connection; the server never sees the request.</summary>
    LoseRequest,

    /// <summary>Passes the request on and closes the connection instead of answering.</summary>
    LoseAnswer,

    /// <summary>Passes the request on and keeps the answer until the proxy ends.</summary>
    HoldAnswer,
}

/// <summary>Stands between the program and a server on loopback and does to requests what networks do.</summary>
/// <param name="server">Where requests are passed on.</param>
/// <param name="decide">Says what happens to a request, given its path and how many of that path came before.</param>
public sealed class FaultProxy(Uri server, Func<string, int, Fault> decide) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Body)> _bodies = [];
    private readonly List<Task> _connections = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _accepting = Task.CompletedTask;

    /// <summary>Completes when the server has dealt with a request whose answer is kept.</summary>
    public Task Held => _held.Task;

    /// <summary>The bodies of the requests of a path.</summary>
    public IReadOnlyList<string> Bodies(string path)
    {
        lock (_seen) return [.. _bodies.Where(body => body.Path == path).Select(body => body.Body)];
    }

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>How many requests of this path came.</summary>
    public int Count(string path)
    {
        lock (_seen) return _seen.GetValueOrDefault(path);
    }

    /// <summary>The one request of this path, as it was sent.</summary>
    public JsonNode Sent(string path)
    {
        lock (_seen) return JsonNode.Parse(_bodies.Single(sent => sent.Path == path).Body)!;
    }

    public FaultProxy Start()
    {
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _connections]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                (string path, byte[] request, string body) = await ReadRequestAsync(stream, _stop.Token);
                int before;
                lock (_seen)
                {
                    before = _seen[path] = _seen.GetValueOrDefault(path) + 1;
                    _bodies.Add((path, body));
                }
                Fault fault = decide(path, before - 1);
                if (fault is Fault.Throttle or Fault.Reject or Fault.Unavailable)
                {
                    await stream.WriteAsync(Answer(fault), _stop.Token);
                    return;
                }
                if (fault == Fault.LoseRequest) return;
                byte[] answer = await PassOnAsync(request, _stop.Token);
                if (fault == Fault.HoldAnswer)
                {
                    _held.TrySetResult();
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }
                if (fault != Fault.LoseAnswer) await stream.WriteAsync(answer, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The program went away, or the test is over.
            }
        }
    }

    // One request a connection: moto closes it by itself, refrag because it is asked to.
    private async Task<byte[]> PassOnAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        int afterFirstLine = request.AsSpan().IndexOf((byte)'\n') + 1;
        byte[] closing = [.. request[..afterFirstLine], .. "Connection: close\r\n"u8, .. request[afterFirstLine..]];
        await upstream.GetStream().WriteAsync(closing, cancellationToken);
        using var answer = new MemoryStream();
        await upstream.GetStream().CopyToAsync(answer, cancellationToken);
        return answer.ToArray();
    }

    private static async Task<(string Path, byte[] Request, string Body)> ReadRequestAsync(
        NetworkStream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0) throw new IOException("The request ended early.");
            bytes.Write(buffer, 0, read);
            string text = Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;
            string length =
                text[..head].Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    ?? "x:0";
            if (bytes.Length >= head + 4 + int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
                return (text.Split(' ')[1], bytes.ToArray(),
                    Encoding.UTF8.GetString(bytes.GetBuffer(), head + 4, (int)bytes.Length - head - 4));
        }
    }

    private static byte[] Answer(Fault fault)
    {
        (string status, string code, string message) = fault switch
        {
            Fault.Throttle => ("429 Too Many Requests", "TooManyRequestsException", "slow down"),
            Fault.Reject => ("403 Forbidden", "UnrecognizedClientException", "The security token included in the request is invalid."),
            _ => ("503 Service Unavailable", "ServiceUnavailable", "slow down"),
        };
        string body = $$"""{"message":"{{message}}","__type":"{{code}}"}""";
        return Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nx-amzn-ErrorType: {code}\r\nContent-Length: {body.Length}\r\n"
                + $"Connection: close\r\n\r\n{body}");
    }
}

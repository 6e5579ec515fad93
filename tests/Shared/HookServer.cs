using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Refrag.Testing;

/// <summary>
/// What listens at the URL of a notification: on loopback, HTTP/1.1 by hand, one connection a request. It keeps what comes, and answers
/// with the bytes that a test gives it.
/// </summary>
internal sealed class HookServer : IAsyncDisposable
{
    /// <summary>The secret part of its URL.</summary>
    public const string Secret = "T0SECRET";

    /// <summary>Answers that it was taken.</summary>
    public const string Taken = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    /// <summary>Keeps the connection open and never answers.</summary>
    public const string Silence = "silence";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _answers;
    private readonly List<string> _requests = [];
    private readonly List<TcpClient> _silent = [];
    private readonly Task _loop;

    /// <summary>Starts on a free port.</summary>
    /// <param name="answers">The bytes of each answer in turn; the last one is repeated. Empty closes the connection.</param>
    public HookServer(params string[] answers)
    {
        _answers = answers.Length == 0 ? [Taken] : answers;
        _listener.Start();
        _loop = AcceptAsync();
    }

    /// <summary>An answer without a body.</summary>
    public static string Answer(int status, string header = "X-None: 0") =>
        $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n{header}\r\n\r\n";

    /// <summary>Where it listens.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/services/{Secret}/B0";

    /// <summary>A URL at which nothing listens.</summary>
    public static string ClosedUrl => $"http://127.0.0.1:1/services/{Secret}/B0";

    /// <summary>The heads of the requests and their bodies, whole.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    /// <summary>The bodies alone.</summary>
    public IReadOnlyList<string> Bodies => [.. Requests.Select(
        request => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        foreach (TcpClient client in _silent) client.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        NetworkStream stream = client.GetStream();
        string request = await ReadAsync(stream);
        string answer;
        lock (_requests)
        {
            _requests.Add(request);
            answer = _answers[Math.Min(_requests.Count, _answers.Length) - 1];
        }
        if (answer == Silence)
        {
            _silent.Add(client);
            return;
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
        client.Dispose();
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        List<byte> all = [];
        byte[] some = new byte[4096];
        while (true)
        {
            string text = Encoding.UTF8.GetString([.. all]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && Encoding.UTF8.GetByteCount(text[(end + 4)..]) >= Length(text[..end])) return text;
            int read = await stream.ReadAsync(some, _stop.Token);
            if (read == 0) return text;
            all.AddRange(some.AsSpan(0, read));
        }
    }

    private static int Length(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)).FirstOrDefault();
}

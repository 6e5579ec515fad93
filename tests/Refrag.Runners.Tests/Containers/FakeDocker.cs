using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Refrag.Runners.Tests.Containers;

/// <summary>A container engine's socket where the test decides what is answered.</summary>
internal sealed class FakeDocker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string, FakeAnswer> _answer;
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="answer">From method and path (without version) and the body to the answer.</param>
    public FakeDocker(Func<string, string, FakeAnswer> answer)
    {
        _answer = answer;
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Path => _folder.At("docker.sock");

    public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _folder.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request.Line);
                FakeAnswer answer = _answer(request.Line, request.Body);
                if (answer.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                if (answer.Status == 0) return;
                string head =
                    string.Create(CultureInfo.InvariantCulture,
                        $"HTTP/1.1 {answer.Status} X\r\nContent-Type: application/json\r\nContent-Length: "
                            + $"{answer.Body.Length + answer.Missing}\r\n\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
                await stream.WriteAsync(answer.Body, _stop.Token);
                if (answer.Missing > 0) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side has gone.
        }
    }

    private async Task<(string Line, string Body)?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        byte[] one = new byte[1];
        while (!(bytes.Count >= 4 && bytes[^4] == '\r' && bytes[^3] == '\n' && bytes[^2] == '\r' && bytes[^1] == '\n'))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            bytes.Add(one[0]);
        }
        string[] head = Encoding.ASCII.GetString([.. bytes]).Split("\r\n");
        byte[] body = head.Any(line => line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            ? await ChunksAsync(stream)
            : new byte[Length(head)];
        if (Length(head) > 0) await stream.ReadExactlyAsync(body, _stop.Token);
        string[] words = head[0].Split(' ');
        return ($"{words[0]} {words[1].Replace("/v1.41", "", StringComparison.Ordinal)}", Encoding.UTF8.GetString(body));
    }

    private async Task<byte[]> ChunksAsync(NetworkStream stream)
    {
        var all = new List<byte>();
        while (true)
        {
            var size = new StringBuilder();
            byte[] one = new byte[1];
            while (!size.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one, _stop.Token);
                size.Append((char)one[0]);
            }
            byte[] chunk = new byte[int.Parse(size.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            if (chunk.Length == 2) return [.. all];
            all.AddRange(chunk[..^2]);
        }
    }

    private static int Length(string[] head) =>
        head.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } found
            ? int.Parse(found[15..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)
            : 0;
}

/// <summary>An answer: status 0 closes the connection, missing bytes break it off in the middle.</summary>
internal sealed record FakeAnswer(int Status, byte[] Body, int Missing = 0, bool Hangs = false)
{
    public static FakeAnswer Json(string body, int status = 200) => new(status, Encoding.UTF8.GetBytes(body));

    public static FakeAnswer Broken { get; } = new(0, []);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Refrag.Server.Fuzz.Grammar;

namespace Refrag.Server.Fuzz.Http;

/// <summary>
/// One connection at a time to the server; bytes are sent as they are. A client library would mend or refuse what the server is to be tried
/// with.
/// </summary>
internal sealed class Connection(IPEndPoint server) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;
    private int _start, _filled;

    /// <summary>The bytes of a request.</summary>
    public static byte[] Bytes(FuzzRequest request)
    {
        string target = request.Operation.Service.TargetPrefix is { Length: > 0 } prefix
            ? $"X-Amz-Target: {prefix}.{request.Operation.Name}\r\n"
            : "";
        string head = string.Create(CultureInfo.InvariantCulture,
            $"{request.Operation.Method.Method} {request.Target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: any\r\nContent-Type: "
                + $"application/json\r\n{target}Content-Length: {request.Body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. request.Body];
    }

    /// <summary>Sends bytes and reads one answer.</summary>
    /// <param name="bytes">The request.</param>
    /// <param name="end">Whether nothing more is sent, so that the server does not wait for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Answer> SendAsync(byte[] bytes, bool end, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken);
            await _socket!.SendAsync(bytes, cancellationToken);
            if (end) _socket.Shutdown(SocketShutdown.Send);
            Answer answer = await ReadAsync(cancellationToken);
            if (end || answer.Status == 0 || answer.Closes) Close();
            return answer;
        }
        catch (SocketException)
        {
            Close();
            return Answer.None;
        }
        catch (OperationCanceledException)
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null) return;
        (_start, _filled) = (0, 0);
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _socket.ConnectAsync(server, cancellationToken);
    }

    private async Task<Answer> ReadAsync(CancellationToken cancellationToken)
    {
        if (await ReadLinesAsync(cancellationToken) is not { } head) return Answer.None;
        int status = head.Length > 12 && int.TryParse(head.AsSpan(9, 3), CultureInfo.InvariantCulture, out int number) ? number : 0;
        if (status == 100) return await ReadAsync(cancellationToken);
        var answer = new Answer(status, head, []);
        if (answer.Header("Transfer-Encoding") is not null) return answer with { Body = await ReadChunksAsync(cancellationToken) };
        int length = int.TryParse(answer.Header("Content-Length"), CultureInfo.InvariantCulture, out int given) ? given : 0;
        return answer with { Body = await ReadAsync(length, cancellationToken) };
    }

    private async Task<byte[]> ReadChunksAsync(CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        while (true)
        {
            string line = await ReadLineAsync(cancellationToken);
            if (!int.TryParse(line.TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int size)) return all.ToArray();
            byte[] chunk = await ReadAsync(size + 2, cancellationToken);
            if (size == 0 || chunk.Length < size) return all.ToArray();
            all.Write(chunk.AsSpan(0, size));
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (await ReadAsync(1, cancellationToken) is [var one])
        {
            line.Append((char)one);
            if (one == '\n') break;
        }
        return line.ToString();
    }

    // The head of an answer; null if the connection ended before it did.
    private async Task<string?> ReadLinesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start, _filled - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                string head = Encoding.Latin1.GetString(_buffer, _start, end + 2);
                _start += end + 4;
                return head;
            }
            if (!await FillAsync(cancellationToken)) return null;
        }
    }

    private async Task<byte[]> ReadAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        int read = 0;
        while (read < length && (_start < _filled || await FillAsync(cancellationToken)))
        {
            int some = Math.Min(length - read, _filled - _start);
            _buffer.AsSpan(_start, some).CopyTo(bytes.AsSpan(read));
            (_start, read) = (_start + some, read + some);
        }
        return read == length ? bytes : bytes[..read];
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _filled) (_start, _filled) = (0, 0);
        else if (_filled == _buffer.Length)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            (_start, _filled) = (0, _filled - _start);
        }
        int read = _filled == _buffer.Length ? 0 : await _socket!.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += read;
        return read > 0;
    }
}

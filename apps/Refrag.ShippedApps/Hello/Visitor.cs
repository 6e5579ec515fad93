using System.Net.Sockets;

namespace Refrag.ShippedApps.Hello;

/// <summary>One connection to rank 0.</summary>
internal sealed class Visitor(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Its greeting; null if it says anything else, or nothing.</summary>
    public async Task<Greeting?> ListenAsync(CancellationToken cancellationToken)
    {
        Wire.KeepAlive(socket);
        byte[]? line = await new LineReader(_stream).ReadAsync(cancellationToken);
        return line is null ? null : Greeting.Parse(line);
    }

    public ValueTask SayAsync(string word, CancellationToken cancellationToken) => _stream.WriteAsync(Wire.Line(word), cancellationToken);

    /// <summary>Sends the last word and that nothing follows. If the other is gone already, that is reported elsewhere.</summary>
    public async Task SayLastAsync(string word, CancellationToken cancellationToken)
    {
        try
        {
            await SayAsync(word, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (Wire.IsBroken(exception) || exception is OperationCanceledException)
        {
            // The other is gone.
        }
    }

    /// <summary>
    /// Waits for the end of the connection. A member says nothing more after its greeting; what it says all the same is thrown away.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[256];
        while (await _stream.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    public void Dispose() => _stream.Dispose();
}

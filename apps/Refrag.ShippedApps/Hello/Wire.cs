using System.Net.Sockets;
using System.Text;

namespace Refrag.ShippedApps.Hello;

/// <summary>
/// What rank 0 answers, a line each. A worker greets and then keeps its connection open without a word: that it breaks before "release" is
/// how rank 0 knows of a worker's death, and the other way round.
/// </summary>
internal static class Wire
{
    public const string Welcome = "welcome";
    public const string Refused = "refused ";
    public const string Release = "release";
    public const string Abort = "abort ";

    // The longest that either side waits for one line which the other should send at once.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static byte[] Line(string text) => Encoding.UTF8.GetBytes($"{text}\n");

    /// <summary>A host that vanishes without a word is noticed after 10 + 3 × 5 seconds.</summary>
    public static void KeepAlive(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Whether the exception is a connection's failure rather than a bug.</summary>
    public static bool IsBroken(Exception exception) => exception is IOException or SocketException or ObjectDisposedException;
}

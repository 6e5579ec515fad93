using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Refrag.Apps;

/// <summary>A port for the <c>MASTER_PORT</c> of a job whose nodes are processes of this machine.</summary>
public static class LocalPort
{
    // Below the ports that Linux gives to outgoing connections (32768 and up): any such connection could take a free port a moment later.
    private const int First = 20000;
    private const int End = 29500;
    private const int Tries = 100;

    // Begins by chance, and continues from port to port: one that was given and is not listened at yet is not given again.
    private static int s_next = RandomNumberGenerator.GetInt32(End - First);

    /// <summary>
    /// A port of the loopback interface that is free now. The jobs of one process get different ones; those of two are unlikely, but not
    /// certain, to do so: a main node whose port was taken meanwhile says so and fails.
    /// </summary>
    /// <exception cref="SocketException">The system has no port left.</exception>
    public static int Free()
    {
        for (int i = 0; i < Tries; i++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref s_next) % (End - First));
            if (TryBind(port) is { } free) return free;
        }
        return TryBind(0) ?? throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    private static int? TryBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return null;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Refrag.Apps;

/// <summary>A port for the <c>MASTER_PORT</c> of a job whose nodes are processes of this machine.</summary>
public static class LocalPort
{
    /// <summary>
    /// A port of the loopback interface that nobody listens at now. It is free to be taken again at once, so two jobs are unlikely, but not certain, to get
    /// different ones; a main node whose port was taken meanwhile says so and fails.
    /// </summary>
    /// <exception cref="SocketException">The system has no port left.</exception>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

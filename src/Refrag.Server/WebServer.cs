using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Refrag.Server.Limits;

namespace Refrag.Server;

/// <summary>
/// Kestrel with the limits of <see cref="ServerLimits"/>, and alone: the framework's host would add services, settings of the folder and
/// the machine, and a third of the memory.
/// </summary>
internal static class WebServer
{
    /// <summary>A server that listens there once it is started.</summary>
    public static KestrelServer Create(IReadOnlyList<Uri> urls)
    {
        var kestrel = new KestrelServerOptions();
        Limit(kestrel);
        foreach (Uri url in urls) Listen(kestrel, url);
        var sockets = new SocketTransportOptions { CreateBoundListenSocket = BoundSocket };
        return new KestrelServer(
            Options.Create(kestrel), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    // The sockets that it accepts have its sizes.
    private static Socket BoundSocket(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = ServerLimits.SendBufferBytes;
        return socket;
    }

    private static void Listen(KestrelServerOptions kestrel, Uri url)
    {
        if (url.Host == "localhost") kestrel.ListenLocalhost(url.Port);
        else if (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address)) kestrel.Listen(address, url.Port);
        else kestrel.ListenAnyIP(url.Port);
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = ServerLimits.DrainedBytes;
        limits.MaxRequestLineSize = ServerLimits.RequestLineBytes;
        limits.MaxRequestBufferSize = ServerLimits.BodyBytes * 2;
        limits.MaxRequestHeadersTotalSize = ServerLimits.HeaderBytes;
        limits.MaxRequestHeaderCount = ServerLimits.Headers;
        limits.MaxConcurrentConnections = ServerLimits.Connections;
        limits.MinRequestBodyDataRate = new MinDataRate(ServerLimits.BytesPerSecond, ServerLimits.RateGrace);
        limits.MinResponseDataRate = new MinDataRate(ServerLimits.AnswerBytesPerSecond, ServerLimits.RateGrace);
        limits.RequestHeadersTimeout = ServerLimits.HeadersTime;
        limits.KeepAliveTimeout = ServerLimits.IdleTime;
    }
}

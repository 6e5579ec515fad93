using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Refrag.Server.Failures;

namespace Refrag.Server.Access;

/// <summary>
/// Which names the server answers to. A web page can make a browser send requests here, under a name of its own that points here; it cannot
/// make it send another Host header. So a foreign name, and a foreign origin, is refused before anything is read.
/// </summary>
/// <param name="allowed">Names beside those of loopback.</param>
/// <param name="anyAddress">Whether any address, as opposed to a name, is allowed: where the server listens on all of them.</param>
internal sealed class HostRule(IReadOnlyList<string> allowed, bool anyAddress)
{
    private static readonly string[] s_loopback = ["localhost", "127.0.0.1", "::1"];
    private readonly FrozenSet<string> _allowed = s_loopback.Concat(allowed).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Throws <see cref="ServiceFault"/> where the request is for another, or from another's page.</summary>
    public void Check(HttpRequest request)
    {
        if (!IsAllowed(request.Host.Host))
            throw ServiceFault.AccessDenied(
                $"This server does not answer to the host {Shown(request.Host.Host)}. Start it with --allowed-host to let it.");
        // A request may have several, and one that is allowed does not make the others so. Of several hosts the HTTP server knows itself
        // that they are wrong.
        if (!request.Headers.Origin.All(IsAllowedOrigin))
            throw ServiceFault.AccessDenied("This server takes no requests from other pages.");
    }

    private bool IsAllowedOrigin(string? origin) => Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && IsAllowed(page.Host);

    private bool IsAllowed(string host)
    {
        string name = host.Trim('[', ']');
        return _allowed.Contains(name) || (anyAddress && IPAddress.TryParse(name, out _));
    }

    private static string Shown(string host) => host.Length <= 100 ? $"'{host}'" : "of that name";
}

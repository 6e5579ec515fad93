namespace Refrag.Server;

/// <summary>The health of what answers a server's requests, as <c>/healthz</c> reports it.</summary>
/// <param name="Status">A word, such as <c>ready</c> or <c>disk-full</c>. Every other one than <c>ready</c> is answered with 503.</param>
/// <param name="Reason">Why requests are not answered; null if they are, and while starting or stopping.</param>
/// <param name="HasEnded">Whether requests will never be answered again; it is then the reason why the server stops.</param>
public sealed record ServerHealth(string Status, string? Reason = null, bool HasEnded = false)
{
    /// <summary>Where a server answers with its health, to a GET without a signature.</summary>
    public const string Path = "/healthz";

    /// <summary>Requests are answered.</summary>
    public const string Ready = "ready";

    /// <summary>The server is being stopped.</summary>
    public const string Stopping = "stopping";
}

using Microsoft.AspNetCore.Http;
using Refrag.Dashboard.Problems;

namespace Refrag.Dashboard.Access;

/// <summary>
/// Which requests are the page's own. Another page can make a browser send requests here, and where it has the same host and another port
/// even with the cookie, for neither cookies nor SameSite know ports. (RFC 6265, 8.5; draft-ietf-httpbis-rfc6265bis, 5.2) It can forge
/// neither Host nor Origin nor Sec-Fetch-Site, and cannot read the session's CSRF token.
/// </summary>
/// <param name="sessions">Who was let in.</param>
internal sealed class PageGuard(PageSessions sessions)
{
    /// <summary>The header with the session's CSRF token.</summary>
    public const string CsrfHeader = "X-Refrag-Csrf";

    private static readonly string[] s_hosts = ["localhost", "127.0.0.1", "[::1]", "::1"];

    private Uri _own = new("http://127.0.0.1/");

    /// <summary>Sets where the server listens, once its port is known.</summary>
    public void SetAddress(Uri url) => _own = url;

    /// <summary>The cookie's name: several pages on one host tell theirs apart by it.</summary>
    public string CookieName => $"refrag-dashboard-{_own.Port}";

    /// <summary>Throws a <see cref="PageRefusal"/> for a foreign host, and for a request of another page.</summary>
    public void CheckOrigin(HttpRequest request)
    {
        if (!IsOwn(request.Host))
            throw new PageRefusal(StatusCodes.Status403Forbidden, DashboardProblems.Foreign("The page does not answer to this host name"));
        string own = $"http://{request.Host.Value}";
        if (!request.Headers.Origin.All(origin => string.Equals(origin, own, StringComparison.OrdinalIgnoreCase)))
            throw new PageRefusal(StatusCodes.Status403Forbidden, DashboardProblems.Foreign("Another page has sent this request"));
        // A link on another page may lead here: that navigates, shows nothing of the answer to the other, and has no cookie.
        // Data is not navigated to: a tab that another page sends there would make the server work.
        bool isLink = request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Method == HttpMethods.Get
            && !request.Path.StartsWithSegments("/api");
        if (!isLink && request.Headers["Sec-Fetch-Site"].Any(site => site is not ("same-origin" or "none")))
            throw new PageRefusal(StatusCodes.Status403Forbidden, DashboardProblems.Foreign("Another page has sent this request"));
    }

    /// <summary>The session of a request; throws a <see cref="PageRefusal"/> if it has none.</summary>
    public PageSession CheckSession(HttpRequest request) => sessions.Find(request.Cookies[CookieName])
        ?? throw new PageRefusal(StatusCodes.Status401Unauthorized, DashboardProblems.NoSession);

    /// <summary>Throws a <see cref="PageRefusal"/> for a write that the page itself did not send.</summary>
    public static void CheckWrite(HttpRequest request, PageSession session)
    {
        bool isJson = request.ContentType?.Split(';')[0].Trim() == "application/json";
        if (request.Headers.Origin.Count != 1 || !isJson || request.Headers[CsrfHeader] is not [{ } token]
            || !PageSessions.AreSame(token, session.Csrf))
            throw new PageRefusal(StatusCodes.Status403Forbidden, DashboardProblems.Foreign("The page itself did not send this change"));
    }

    /// <summary>Gives a browser its cookie.</summary>
    public void Admit(HttpResponse response, PageSession session) => response.Cookies.Append(CookieName, session.Id, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    });

    private bool IsOwn(HostString host) =>
        (host.Port ?? 80) == _own.Port
        && (s_hosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase)
            || string.Equals(host.Host, _own.Host, StringComparison.OrdinalIgnoreCase));
}

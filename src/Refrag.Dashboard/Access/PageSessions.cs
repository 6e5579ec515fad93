using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Dashboard.Access;

/// <summary>
/// Who may see the page: a token opens it once, and the browser that used it has a session from then on. Nothing of it is on disk.
/// </summary>
internal sealed class PageSessions
{
    private const int SecretBytes = 32;

    // One person's browsers; each needs a token that was read from the terminal.
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly List<PageSession> _sessions = [];
    private string _token = Secret();

    /// <summary>The token that opens the page next.</summary>
    public string Token
    {
        get
        {
            lock (_lock) return _token;
        }
    }

    /// <summary>
    /// Uses the newest token up and makes the next. A browser that was let in before keeps its session, whose other pages are open; another
    /// gets one. Null if the token is not the newest.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="known">The session that the browser has; null if it has none.</param>
    public PageSession? Redeem(string token, PageSession? known)
    {
        lock (_lock)
        {
            if (!AreSame(token, _token)) return null;
            _token = Secret();
            if (known is not null) return known;
            PageSession session = new(Secret(), Secret());
            if (_sessions.Count == Most) _sessions.RemoveAt(0);
            _sessions.Add(session);
            return session;
        }
    }

    /// <summary>The session of a cookie; null if there is none.</summary>
    public PageSession? Find(string? id)
    {
        if (string.IsNullOrEmpty(id)) return null;
        lock (_lock) return _sessions.Find(session => AreSame(session.Id, id));
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool AreSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
}

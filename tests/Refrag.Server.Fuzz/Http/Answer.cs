using System.Text;

namespace Refrag.Server.Fuzz.Http;

/// <summary>An answer of the server.</summary>
/// <param name="Status">The HTTP status; 0 if the connection ended without an answer.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">The body.</param>
internal sealed record Answer(int Status, string Head, byte[] Body)
{
    /// <summary>The end of a connection without an answer.</summary>
    public static Answer None { get; } = new(0, "", []);

    /// <summary>The body as a text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Whether the server closes the connection after it.</summary>
    public bool Closes => Head.Contains("\r\nConnection: close", StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a header; null if it is absent.</summary>
    public string? Header(string name)
    {
        int at = Head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : Head[(at + name.Length + 3)..].Split("\r\n", 2)[0].Trim();
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Refrag.Engine.Names;

namespace Refrag.Engine.Operations;

/// <summary>
/// The tokens of pages: where the page before ended, and a mark of what was asked, so that a token of another question is refused instead
/// of answered wrongly. They hold no state, so they outlive a restart.
/// </summary>
internal static class PageToken
{
    private const int MarkLength = 6;

    /// <summary>The token that continues after a position.</summary>
    /// <param name="question">What was asked: the operation and everything that selects and orders.</param>
    /// <param name="position">The last element that was shown.</param>
    public static string Write(string question, string position) =>
        Base64Url.EncodeToString([.. Mark(question), .. Encoding.UTF8.GetBytes(position)]);

    /// <summary>The position in a token; null without a token. A token of another question, or a made-up one, is rejected.</summary>
    public static string? Read(string question, string? token)
    {
        if (string.IsNullOrEmpty(token)) return null;
        if (!Base64Url.IsValid(token)) throw Invalid();
        byte[] bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > MarkLength && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(question))
            ? Encoding.UTF8.GetString(bytes.AsSpan(MarkLength))
            : throw Invalid();
    }

    private static byte[] Mark(string question) => SHA256.HashData(Encoding.UTF8.GetBytes(question))[..MarkLength];

    private static Refusal Invalid() => new("Invalid nextToken: it does not belong to this request. Begin again without one.");
}

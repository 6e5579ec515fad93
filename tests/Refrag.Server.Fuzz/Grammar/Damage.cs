using System.Text;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>Makes bytes that are JSON into bytes that may not be.</summary>
internal static class Damage
{
    private static readonly string[] s_pieces =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\\x", "null", "tru", "1e", "-", "NaN", "Infinity", "// a",
            "/* a */", "\t", "\u0001", "\u00a0", "{\"a\":1,\"a\":2}", "'a'", "01", "+1", ".5", "1."];

    /// <summary>Damages in one way.</summary>
    public static byte[] Apply(byte[] body, Random chance)
    {
        int at = chance.Next(body.Length + 1);
        switch (chance.Next(9))
        {
            case 0: return body[..at];
            case 1: return [.. body[..at], .. Encoding.UTF8.GetBytes(s_pieces[chance.Next(s_pieces.Length)]), .. body[at..]];
            case 2: return [.. body[..at], (byte)chance.Next(256), .. body[Math.Min(at + 1, body.Length)..]];
            case 3: return [0xef, 0xbb, 0xbf, .. body];
            case 4: return [.. body, .. body];
            case 5: return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 6: return Nested(body, chance);
            case 7: return [.. body[..at], 0xff, 0xfe, .. body[at..]];
            default: return Twice(body);
        }
    }

    private static byte[] Nested(byte[] body, Random chance)
    {
        int depth = chance.Next(2) == 0 ? chance.Next(28, 36) : 10_000;
        return [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth))), .. body,
            .. Encoding.UTF8.GetBytes(new string('}', depth))];
    }

    // Every member once more, behind those that there are.
    private static byte[] Twice(byte[] body) => body is [(byte)'{', _, _, .., (byte)'}'] ? [.. body[..^1], (byte)',', .. body[1..]] : body;
}

using System.Text;

namespace Refrag.Composition.Tree;

/// <summary>
/// Keys with dots and brackets, as <c>a.b[c]</c>: the parts, in order. A backslash before <c>. [ ] =</c> takes its meaning away; any other
/// backslash stands for itself.
/// </summary>
public static class KeyPath
{
    /// <summary>
    /// The parts of a key. A key without parts, the empty text, has one empty part; a bracket that is never closed ends the key.
    /// </summary>
    public static IReadOnlyList<string> Split(string key)
    {
        if (key.AsSpan().IndexOfAny('[', '\\') < 0) return key.Split('.');
        var parts = new List<string>();
        int at = 0;
        if (key[0] != '[') parts.Add(ReadName(key, ref at));
        // Dots in front mean a parent; where the path continues with a bracket, the last of them makes no empty name of its own.
        while (at < key.Length)
        {
            if (key[at++] == '.')
            {
                if (at < key.Length && key[at] == '[' && parts.TrueForAll(part => part.Length == 0)) continue;
                parts.Add(ReadName(key, ref at));
            }
            else if (ReadBracket(key, ref at) is { } part)
            {
                parts.Add(part);
            }
            else
            {
                break;
            }
        }
        return parts;
    }

    /// <summary>The key of parts: what <see cref="Split"/> takes apart again.</summary>
    public static string Join(IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (string part in parts) Append(text, part);
        return text.ToString();
    }

    /// <summary>A longer key.</summary>
    public static string Join(string parent, string part) => parent.Length == 0 ? Escape(part) : $"{parent}.{Escape(part)}";

    private static void Append(StringBuilder text, string part)
    {
        if (text.Length > 0) text.Append('.');
        text.Append(Escape(part));
    }

    private static string Escape(string part)
    {
        if (part.AsSpan().IndexOfAny(".[]=") < 0) return part;
        var text = new StringBuilder();
        foreach (char c in part)
        {
            if (IsEscapable(c)) text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }

    private static bool IsEscapable(char c) => c is '.' or '[' or ']' or '=';

    private static string ReadName(string key, ref int at)
    {
        var name = new StringBuilder();
        while (at < key.Length && key[at] is not ('.' or '[')) name.Append(ReadChar(key, ref at));
        return name.ToString();
    }

    private static string? ReadBracket(string key, ref int at)
    {
        var name = new StringBuilder();
        while (at < key.Length && key[at] != ']') name.Append(ReadChar(key, ref at));
        if (at == key.Length) return null;
        at++;
        return name.ToString();
    }

    private static char ReadChar(string key, ref int at)
    {
        if (key[at] == '\\' && at + 1 < key.Length && IsEscapable(key[at + 1])) at++;
        return key[at++];
    }
}

using System.Globalization;
using System.Text;

namespace Refrag.Composition.Tree;

/// <summary>Text and bytes in quotes as Python's <c>repr</c> writes them.</summary>
internal static class PythonQuotes
{
    public static void Append(StringBuilder builder, string text)
    {
        char quote = Quote(text.Contains('\''), text.Contains('"'));
        builder.Append(quote);
        foreach (char c in text) AppendChar(builder, c, quote, bytes: false);
        builder.Append(quote);
    }

    public static void Append(StringBuilder builder, ReadOnlySpan<byte> bytes)
    {
        char quote = Quote(bytes.Contains((byte)'\''), bytes.Contains((byte)'"'));
        builder.Append('b').Append(quote);
        foreach (byte b in bytes) AppendChar(builder, (char)b, quote, bytes: true);
        builder.Append(quote);
    }

    // Python prefers the single quote, unless only that one stands in the text.
    private static char Quote(bool hasSingle, bool hasDouble) => hasSingle && !hasDouble ? '"' : '\'';

    private static void AppendChar(StringBuilder builder, char c, char quote, bool bytes)
    {
        switch (c)
        {
            case '\n': builder.Append("\\n"); break;
            case '\r': builder.Append("\\r"); break;
            case '\t': builder.Append("\\t"); break;
            case '\\': builder.Append("\\\\"); break;
            case var _ when c == quote: builder.Append('\\').Append(c); break;
            case < ' ' or '\x7f': builder.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
            case >= '\x80' when bytes || c <= '\xa0' || c == '\xad': builder.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
            default: builder.Append(c); break;
        }
    }
}

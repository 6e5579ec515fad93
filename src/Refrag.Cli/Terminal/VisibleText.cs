using System.Buffers;
using System.Globalization;
using System.Text;

namespace Refrag.Cli.Terminal;

/// <summary>
/// Text that cannot control a terminal. Output, names, tags, reasons and commands of jobs may hold escape sequences and characters that
/// reverse the direction of writing; each of them is shown as <c>\u001b</c>, the form that JSON has too, so that JSON stays what it is.
/// </summary>
internal static class VisibleText
{
    // C0, DEL, C1; the line separators; the bidirectional controls. (Unicode 16.0, 23.1 and UAX #9, 2)
    private static readonly SearchValues<char> s_harmful = SearchValues.Create(
    [
        .. Range('\0', '\u001f').Except(['\t', '\n']), .. Range('\u007f', '\u009f'), '\u061c', '\u200e', '\u200f',
        .. Range('\u2028', '\u202e'), .. Range('\u2066', '\u2069'),
    ]);

    /// <summary>Text of any number of lines.</summary>
    public static string OfLines(string text)
    {
        int next = text.AsSpan().IndexOfAny(s_harmful);
        if (next < 0) return text;
        var visible = new StringBuilder(text.Length + 16);
        ReadOnlySpan<char> rest = text;
        while (next >= 0)
        {
            visible.Append(rest[..next]).Append(Escape(rest[next]));
            rest = rest[(next + 1)..];
            next = rest.IndexOfAny(s_harmful);
        }
        return visible.Append(rest).ToString();
    }

    /// <summary>Text of one line, whose width is the number of its characters: a line break is shown, and a tab is a space.</summary>
    public static string OfLine(string text) => OfLines(text).Replace("\n", Escape('\n'), StringComparison.Ordinal).Replace('\t', ' ');

    private static string Escape(char character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}

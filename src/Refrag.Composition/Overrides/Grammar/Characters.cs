using System.Buffers;
using System.Globalization;
using System.Text;

namespace Refrag.Composition.Overrides.Grammar;

/// <summary>Classes of characters.</summary>
internal static class Characters
{
    private static readonly SearchValues<char> Unquoted = SearchValues.Create(@"/-\+.$%*@?|");
    private static readonly SearchValues<char> Escapable = SearchValues.Create("\\()[]{}:=, \t");
    private static readonly SearchValues<char> Harmless = SearchValues.Create("#!&;~^<>`");

    /// <summary>White space of the grammar: blank and tab, nothing else.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\t';

    public static bool IsDigit(char c) => char.IsAsciiDigit(c);

    public static bool StartsIdentifier(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool ContinuesIdentifier(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    /// <summary>Whether the reference takes it in an unquoted string as it is.</summary>
    public static bool IsUnquoted(char c) => Unquoted.Contains(c);

    /// <summary>Whether a backslash before it is an escape.</summary>
    public static bool IsEscapable(char c) => Escapable.Contains(c);

    /// <summary>Punctuation that means nothing to the grammar, so that it can stand for itself.</summary>
    public static bool IsHarmlessPunctuation(char c) => Harmless.Contains(c);

    /// <summary>
    /// A character beyond ASCII that can stand for itself, and how many units it takes. Half a surrogate pair and what no terminal shows
    /// cannot.
    /// </summary>
    public static bool IsBeyondAscii(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text[0] < 0x80 || Rune.DecodeFromUtf16(text, out Rune rune, out length) != OperationStatus.Done) return false;
        return Rune.GetUnicodeCategory(
            rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    /// <summary>A letter, digit or mark beyond ASCII: what a key may hold as well.</summary>
    public static bool IsLetterBeyondAscii(ReadOnlySpan<char> text, out int length) =>
        IsBeyondAscii(text, out length) && Rune.GetRuneAt(text[..length].ToString(), 0) is var rune
        && (Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    public static bool IsControl(char c) => char.IsControl(c);
}

namespace Refrag;

/// <summary>Words as a POSIX shell reads them.</summary>
public static class ShellWord
{
    /// <summary>
    /// The text as one word: as it is where no shell sees anything in it, and else between single quotes, within which only a quote is
    /// special. (POSIX, Shell Command Language, 2.2.2)
    /// </summary>
    /// <param name="text">Any text but one with a NUL, which no argument can have.</param>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+%@".Contains(c))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

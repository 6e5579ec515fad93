using System.Text;

namespace Refrag.Composition.Overrides.Grammar;

/// <summary>
/// Quotes and their escapes: a backslash is an escape only in the run of backslashes right before a quote (of the same kind, the closing
/// one included); there each pair stands for one.
/// </summary>
internal static class QuotedText
{
    /// <summary>What is between the quotes of <paramref name="quoted"/>, escapes taken out.</summary>
    public static string Unquote(ReadOnlySpan<char> quoted)
    {
        char quote = quoted[0];
        if (!quoted.Contains('\\')) return quoted[1..^1].ToString();
        var plain = new StringBuilder(quoted.Length);
        int run = 0;
        for (int i = 1; i < quoted.Length; i++)
        {
            char c = quoted[i];
            if (c == '\\')
            {
                run++;
                continue;
            }
            plain.Append('\\', c == quote ? run / 2 : run);
            // An odd run escapes the quote; an even one belongs to the closing quote, which is not part of the text.
            if (c != quote || run % 2 == 1) plain.Append(c);
            run = 0;
        }
        return plain.ToString();
    }

    /// <summary>The text in quotes, so that <see cref="Unquote"/> gives it back.</summary>
    public static string Quote(string text, char quote)
    {
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        int run = 0;
        foreach (char c in text)
        {
            if (c == quote) quoted.Append('\\', run + 1);
            quoted.Append(c);
            run = c == '\\' ? run + 1 : 0;
        }
        return quoted.Append('\\', run).Append(quote).ToString();
    }
}

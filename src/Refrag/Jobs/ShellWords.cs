using System.Text;

namespace Refrag.Jobs;

/// <summary>Splits a line into words by the quoting rules of a POSIX shell, without expanding anything.</summary>
internal static class ShellWords
{
    /// <summary>The words, or null if a quote is not closed or the line ends in a backslash.</summary>
    public static IReadOnlyList<string>? Split(string line)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (char.IsWhiteSpace(c))
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
                continue;
            }
            word ??= new StringBuilder();
            if (c == '\'' || c == '"')
            {
                i = Quoted(line, i, word);
                if (i < 0) return null;
            }
            else if (c != '\\')
            {
                word.Append(c);
            }
            else if (++i < line.Length)
            {
                word.Append(line[i]);
            }
            else
            {
                return null;
            }
        }
        if (word is not null) words.Add(word.ToString());
        return words;
    }

    /// <summary>Whether the line has an operator, a substitution or a pattern of a shell outside of quotes.</summary>
    public static bool NeedsShell(string line)
    {
        char open = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\' && open != '\'') i++;
            else if (c == open) open = '\0';
            else if (open == '\0' && c is '\'' or '"') open = c;
            else if (open != '\'' && c is '$' or '`') return true;
            else if (open == '\0' && c is '|' or '&' or ';' or '<' or '>' or '(' or ')' or '*' or '?' or '\n') return true;
        }
        return false;
    }

    // Returns where the closing quote stands, or -1.
    private static int Quoted(string line, int open, StringBuilder word)
    {
        char quote = line[open];
        for (int i = open + 1; i < line.Length; i++)
        {
            if (line[i] == quote) return i;
            // Inside double quotes a backslash quotes only these. (POSIX shell, 2.2.3)
            if (quote == '"' && line[i] == '\\' && i + 1 < line.Length && "$`\"\\\n".Contains(line[i + 1])) i++;
            word.Append(line[i]);
        }
        return -1;
    }
}

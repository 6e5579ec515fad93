using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Refrag.Reference;

/// <summary>Markdown whose lines are at most 140 columns wide.</summary>
internal static partial class Prose
{
    // A few columns are kept for a word that may not begin a line.
    private const int Widest = 136;

    /// <summary>A paragraph or an item of a list, wrapped.</summary>
    /// <param name="text">The text, in Markdown.</param>
    /// <param name="first">What begins the first line: <c>- </c> for an item.</param>
    /// <param name="indent">How far the other lines are indented, in columns.</param>
    public static string Wrap(string text, string first = "", int indent = 0)
    {
        var all = new StringBuilder(first);
        int column = first.Length;
        bool isFirst = true;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // A word that begins a list, a heading or a quote does so only at the beginning of a line.
            if (!isFirst && column + 1 + word.Length > Widest && !BeginsBlock().IsMatch(word))
            {
                all.Append('\n').Append(' ', indent);
                column = indent;
            }
            else if (!isFirst)
            {
                all.Append(' ');
                column++;
            }
            all.Append(word);
            column += word.Length;
            isFirst = false;
        }
        return all.Append('\n').ToString();
    }

    /// <summary>A heading with the empty lines around it.</summary>
    /// <param name="level">Its level, from 2.</param>
    /// <param name="text">Its text.</param>
    public static string Heading(int level, string text) => $"\n{new string('#', level)} {text}\n\n";

    /// <summary>A text without Markdown in it, as Markdown. What stands between backticks stays.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) =>
        string.Join('`', text.Split('`').Select((part, i) => i % 2 == 0 ? Special().Replace(part, @"\$0") : part));

    /// <summary>The sentence with a full stop, if it has no end of its own.</summary>
    /// <param name="text">The sentence.</param>
    public static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '?' or '!' or ']' ? text : $"{text}.";

    /// <summary>The summary of a documentation comment as Markdown; empty if there is none.</summary>
    /// <param name="xml">The comment, as Roslyn gives it.</param>
    public static string Summary(string? xml)
    {
        if (string.IsNullOrEmpty(xml)) return "";
        XElement? summary = XElement.Parse(xml).Element("summary");
        return summary is null ? "" : Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "paramref" } code => $"`{code.Value}{(string?)code.Attribute("name")}`",
        XElement { Name.LocalName: "see" or "seealso" } see => $"`{((string?)see.Attribute("cref") ?? "").Split('.', ':')[^1]}`",
        XElement other => other.Value,
        _ => "",
    };

    [GeneratedRegex(@"^([-+*]|#+|\d+[.)])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BeginsBlock();

    [GeneratedRegex(@"[\\<>*_\[\]|~]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Special();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}

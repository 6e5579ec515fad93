using System.Text;
using Refrag.Reference.Problems;

namespace Refrag.Reference;

/// <summary>docs/reference/problems.md.</summary>
internal static class ProblemsPage
{
    private static readonly Dictionary<char, string> s_topics = new()
    {
        ['1'] = "Configuration",
        ['2'] = "Jobs and their targets",
        ['3'] = "AWS",
        ['4'] = "The built-in engine",
        ['5'] = "The command line and the server",
        ['6'] = "Infrastructure",
        ['7'] = "Apps",
        ['8'] = "Code that a job brings, notifications and shells",
    };

    public static string Write(IReadOnlyList<ProblemMessage> messages)
    {
        var page = new StringBuilder("# Problem codes\n\n");
        page.Append(Prose.Wrap(
            "Every problem is reported with a code, what is wrong, the place if there is one, and the cure. A code keeps its meaning in "
            + @"later versions. `refrag` prints the values that stand here as \<name>; brackets hold what is printed only where it "
            + "applies, and a bar parts alternatives. A code with several entries is reported with one of them."));
        foreach (IGrouping<char, ProblemMessage> topic in messages.GroupBy(message => message.Code[2]))
        {
            page.Append(Prose.Heading(2, $"RF{topic.Key}xxx: {s_topics[topic.Key]}").TrimEnd('\n')).Append('\n');
            foreach (IGrouping<string, ProblemMessage> code in topic.GroupBy(message => message.Code, StringComparer.Ordinal))
            {
                page.Append(Prose.Heading(3, code.Key));
                page.Append(Prose.Wrap($"Raised in {string.Join(", ", code.Select(Area).Distinct(StringComparer.Ordinal))}.")).Append('\n');
                foreach (string entry in code.Select(Entry).Distinct(StringComparer.Ordinal)) page.Append(entry);
            }
        }
        return page.ToString();
    }

    private static string Area(ProblemMessage message) =>
        message.Folder.Length == 0 ? $"`{message.Project}`" : $"`{message.Project}/{message.Folder}`";

    private static string Entry(ProblemMessage message)
    {
        var page = new StringBuilder();
        page.Append(Prose.Wrap(Either(message.What), "- ", 2));
        if (message.Causes.Count > 0) page.Append(Prose.Wrap($"Cause: {Either(message.Causes)}", "  - ", 4));
        if (message.Cures.Count > 0) page.Append(Prose.Wrap($"Cure: {Either(message.Cures)}", "  - ", 4));
        return page.ToString();
    }

    private static string Either(IReadOnlyList<string> texts) =>
        string.Join(" Or: ", texts.Select(text => Prose.Sentence(Prose.Escape(Capital(text)))));

    // A key or a name at the beginning keeps its letters.
    private static string Capital(string text) =>
        text.Split(' ')[0].TrimEnd(',', ':').All(char.IsAsciiLetter) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}

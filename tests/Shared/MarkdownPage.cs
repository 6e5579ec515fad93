using System.Text.RegularExpressions;

namespace Refrag.Testing;

/// <summary>A block of code on a page.</summary>
/// <param name="Line">The line of its first content, from 1.</param>
/// <param name="Language">The word behind its fence; <c>""</c> if there is none, and for an indented block.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Comment">The HTML comment on the line above it, which no renderer shows; null if none exists.</param>
internal sealed record MarkdownBlock(int Line, string Language, IReadOnlyList<string> Lines, string? Comment)
{
    /// <summary>Whether it shows what a user types at a shell.</summary>
    public bool IsConsole => Language == "console" || (Lines is [var first, ..] && first.StartsWith("$ ", StringComparison.Ordinal));

    /// <summary>Why it is not run, as its comment says: <c>illustration: needs an AWS account</c>; null if it is to be run.</summary>
    public string? IllustrationReason => Named("illustration");

    /// <summary>The file that it is the content of, as its comment says: <c>file: conf/app/mine.yaml</c>; null if it is none.</summary>
    public string? File => Named("file");

    /// <summary>The commands of a console, each with the lines that are shown below it.</summary>
    public IEnumerable<(int Line, string Command, IReadOnlyList<string> Output)> Commands()
    {
        for (int at = 0; at < Lines.Count;)
        {
            int start = at;
            List<string> command = [Typed(Lines[at++])];
            while (command[^1].EndsWith('\\') && at < Lines.Count) command.Add(Lines[at++]);
            int output = at;
            while (at < Lines.Count && !Lines[at].StartsWith("$ ", StringComparison.Ordinal)) at++;
            yield return (Line + start, string.Join('\n', command), [.. Lines.Take(at).Skip(output)]);
        }
    }

    private static string Typed(string line) => line.StartsWith("$ ", StringComparison.Ordinal) ? line[2..] : line;

    private string? Named(string name) =>
        Comment?.StartsWith($"{name}:", StringComparison.Ordinal) == true ? Comment[(name.Length + 1)..].Trim() : null;
}

/// <summary>A page of the documents as tests read it.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] s_left = ["artifacts", "bin", "obj", ".git", ".terraform", "node_modules"];

    private readonly List<MarkdownBlock> _blocks = [];
    private readonly List<(int Line, string Text)> _paragraphs = [];

    private MarkdownPage(string path, string[] lines)
    {
        Path = path;
        string? comment = null;
        for (int at = 0; at < lines.Length; at++)
        {
            if (lines[at].StartsWith("```", StringComparison.Ordinal))
            {
                int end = Array.FindIndex(lines, at + 1, line => line.StartsWith("```", StringComparison.Ordinal));
                _blocks.Add(new(at + 2, lines[at][3..].Trim(), lines[(at + 1)..end], comment));
                at = end;
            }
            else if (lines[at].StartsWith("    ", StringComparison.Ordinal) && (at == 0 || lines[at - 1].Length == 0))
            {
                int end = at;
                while (end < lines.Length && (lines[end].Length == 0 || lines[end].StartsWith("    ", StringComparison.Ordinal))) end++;
                _blocks.Add(new(at + 1, "", [.. lines[at..end].Where(line => line.Length > 0).Select(line => line[4..])], comment));
                at = end - 1;
            }
            else
            {
                AddProse(at + 1, lines[at]);
            }
            comment = at < lines.Length && Comment().Match(lines[at]) is { Success: true } match ? match.Groups["text"].Value : null;
        }
    }

    /// <summary>Its path from the repository's root.</summary>
    public string Path { get; }

    public IReadOnlyList<MarkdownBlock> Blocks => _blocks;

    /// <summary>The targets of its links.</summary>
    public IEnumerable<(int Line, string Target)> Links =>
        _paragraphs.SelectMany(paragraph => Found(paragraph, Link(), "target", CodeSpan().Replace(paragraph.Text, AsBlanks)));

    /// <summary>What stands between backquotes in its prose.</summary>
    public IEnumerable<(int Line, string Text)> CodeSpans =>
        _paragraphs.SelectMany(paragraph => Found(paragraph, CodeSpan(), "text", paragraph.Text));

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IReadOnlySet<string> Anchors()
    {
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach (string heading in _paragraphs.SelectMany(paragraph => Heading().Matches(paragraph.Text))
            .Select(match => Anchor(match.Groups["text"].Value)))
        {
            string anchor = heading;
            for (int count = 1; !anchors.Add(anchor); count++) anchor = $"{heading}-{count}";
        }
        return anchors;
    }

    public static MarkdownPage Read(string root, string path) => new(path, File.ReadAllLines(System.IO.Path.Combine(root, path)));

    /// <summary>All pages below the root, or below some of its folders and files.</summary>
    public static IEnumerable<MarkdownPage> List(string root, params string[] below) => Directory
        .EnumerateFiles(root, "*.md", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(s_left.Contains))
        .Where(path => below.Length == 0 || below.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal)
        .Select(path => Read(root, path));

    // A paragraph has several lines, and so do the code and the links in it.
    private void AddProse(int line, string text)
    {
        if (_paragraphs is [.., var last] && last.Text.Length > 0 && text.Length > 0) _paragraphs[^1] = (last.Line, $"{last.Text}\n{text}");
        else _paragraphs.Add((line, text));
    }

    private static IEnumerable<(int Line, string Text)> Found((int Line, string Text) paragraph, Regex what, string group, string text) =>
        what.Matches(text).Select(match => (
            paragraph.Line + text.AsSpan(0, match.Index).Count('\n'),
            match.Groups[group].Value.Replace('\n', ' ')));

    private static string AsBlanks(Match match) => new([.. match.Value.Select(character => character == '\n' ? '\n' : ' ')]);

    private static string Anchor(string heading) =>
        NotInAnchor().Replace(LinkText().Replace(heading, "${text}"), "").Trim().ToLowerInvariant().Replace(' ', '-');

    [GeneratedRegex("^<!-- (?<text>.*) -->$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkText();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeSpan();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInAnchor();
}

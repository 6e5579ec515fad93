using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Refrag.Apps;
using Refrag.Cli.Context;

namespace Refrag.Cli.Tests;

/// <summary>The command lines of refrag in the documents and in the program's own texts are ones that it takes.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string s_root = RepositoryRoot(AppContext.BaseDirectory);
    private static readonly RootCommand s_refrag = RootVerb.Create(CliContext.OfProcess(new AppRegistry([])));

    [Fact]
    public void Consoles_OfTheDocuments_ShowCommandsThatParse()
    {
        var shown = Pages().SelectMany(page => page.Blocks.SelectMany(Typed)
            .SelectMany(typed => ShellCommands(typed.Text).Select(line => (page.Path, typed.Line, Text: line)))).ToArray();

        Assert.InRange(shown.Length, 50, int.MaxValue);
        Assert.Empty(shown.SelectMany(
            line => Mistakes(line.Text, isWhole: true).Select(mistake => $"{line.Path}:{line.Line}: {line.Text}: {mistake}")));
    }

    [Fact]
    public void CodeSpans_OfTheDocuments_NameCommandsThatExist()
    {
        var named = Pages().SelectMany(page => page.CodeSpans.SelectMany(
            span => ShellCommands(span.Text).Select(line => (page.Path, span.Line, Text: line)))).ToArray();

        Assert.InRange(named.Length, 50, int.MaxValue);
        Assert.Empty(named.SelectMany(
            line => Mistakes(line.Text, isWhole: false).Select(mistake => $"{line.Path}:{line.Line}: {line.Text}: {mistake}")));
    }

    [Fact]
    public void Texts_OfTheProgram_NameCommandsThatExist()
    {
        var named = ((string[])["src", "apps"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => SourceTexts.In(file).SelectMany(printed => InText(printed.Text)
                .Select(text => (Place: $"{Path.GetRelativePath(s_root, file)}:{printed.Line}", Text: text)))).ToArray();

        Assert.InRange(named.Length, 50, int.MaxValue);
        // X stands for a value of the program, a number too.
        Assert.Empty(named.SelectMany(line => Mistakes(line.Text, isWhole: false)
            .Where(mistake => !mistake.StartsWith("Cannot parse argument 'X'", StringComparison.Ordinal))
            .Select(mistake => $"{line.Place}: {line.Text}: {mistake}")));
    }

    [Fact]
    public void Instructions_OfTheDockerfile_RunCommandsThatExist()
    {
        List<string> lines = [];
        foreach (Match words in Instruction().Matches(File.ReadAllText(Path.Combine(s_root, "infra/docker/Dockerfile"))))
        {
            string line = string.Join(' ', JsonNode.Parse(words.Value)!.AsArray().Select(word => (string?)word));
            // The default arguments of the entry point above them.
            if (line.StartsWith("--", StringComparison.Ordinal)) lines[^1] += $" {line}";
            else lines.Add(line);
        }

        Assert.Contains("refrag serve --check", lines);
        Assert.Contains(lines, line => line.EndsWith("--runner simulated", StringComparison.Ordinal));
        Assert.Empty(lines.SelectMany(line => Mistakes(line, isWhole: false).Select(mistake => $"{line}: {mistake}")));
    }

    [Fact]
    public void Texts_WrappedInsideACommand_AreReadAsOne() => Assert.Equal(
        ["Run `refrag infra X --yes` first.", "a"],
        SourceTexts.Of("""
            var cure = $"Run `refrag infra {(isNew ? "a" : verb)} "
                + "--yes` first.";
            """).Select(text => text.Text));

    [Theory]
    [InlineData("refrag infra up")]
    [InlineData("refrag run --no-such-option")]
    [InlineData("refrag logs ID --attempt two")]
    public void Mistakes_CommandThatDoesNotExist_AreFound(string line) => Assert.NotEmpty(Mistakes(line, isWhole: false));

    private static IEnumerable<MarkdownPage> Pages() =>
        MarkdownPage.List(s_root, "README.md", "CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "docs/guides/", "docs/concepts/");

    private static IEnumerable<(int Line, string Text)> Typed(MarkdownBlock block) =>
        block.IsConsole ? block.Commands().Select(command => (command.Line, command.Command))
        : block.Language.Length == 0 ? block.Lines.Select(line => (block.Line, line))
        : [];

    // A name in a sentence may leave out what the command cannot do without.
    private static IEnumerable<string> Mistakes(string line, bool isWhole)
    {
        foreach (string[] words in Alternatives([.. Words(line).Skip(1)]))
        {
            if (words is ["exec" or "complete", ..]) continue;
            ParseResult parsed = s_refrag.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
            foreach (Problem unknown in UnknownOptions.In(parsed)) yield return unknown.What;
            // The word behind a verb that only has verbs below it.
            if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var first, ..])
                yield return $"no verb {first}";
            foreach (ParseError error in parsed.Errors)
            {
                if (isWhole || !error.Message.StartsWith("Required ", StringComparison.Ordinal)) yield return error.Message;
            }
        }
    }

    private static IEnumerable<string> Words(string line) =>
        Word().Matches(line).Select(word => string.Concat(word.Value.Where(character => character is not ('\'' or '"'))));

    // "migrate|rollback" stands for either, "[NAME…]" for a word that may be left out, "…" for more of the same.
    private static IEnumerable<string[]> Alternatives(string[] words)
    {
        string[][] choices = [.. words.Select(word => word.Trim('[', ']', ',').Replace("…", "", StringComparison.Ordinal))
            .Where(word => word.Length > 0)
            .Select(word => word == "N" ? ["1"] : word.Contains('=', StringComparison.Ordinal) ? [word] : word.Split('|'))];
        int most = choices.Select(choice => choice.Length).DefaultIfEmpty(1).Max();
        return Enumerable.Range(0, most).Select(
            at => choices.Select(choice => choice[Math.Min(at, choice.Length - 1)]).ToArray());
    }

    // What a shell runs of a line: the parts between its operators, without comments and redirections.
    private static IEnumerable<string> ShellCommands(string line) =>
        Refrag().Matches(Comment().Replace(line.Replace("\\\n", " ", StringComparison.Ordinal), ""))
            .Select(match => match.Groups["command"].Value.Trim());

    private static IEnumerable<string> InText(string printed) => InSentence().Matches(printed)
        .SelectMany(match => s_refrag.Subcommands.Where(verb => verb.Name == match.Groups["verb"].Value)
            .Select(verb => InSentenceOf(verb, match.Groups["below"].Value, match.Groups["rest"].Value)));

    // A word behind a verb is a verb below it, if it has any, or the sentence's own.
    private static string InSentenceOf(Command verb, string below, string rest) =>
        (verb.Subcommands.Count > 0) == (below.Length > 0) ? $"refrag {verb.Name} {below}{rest}" : $"refrag {verb.Name}";

    [GeneratedRegex("""(?<=^|[;&|(]|\s)(\./)?(?<command>refrag (?=[a-z-])(?:'[^']*'|"[^"$]*"|[^;&|<>()'"`]|\|(?=\w))+)""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Refrag();

    [GeneratedRegex("""('[^']*'|"[^"]*"|\S)+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+#\s.*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    // The form of an instruction for a program without a shell: ["refrag", "serve"].
    [GeneratedRegex("""\["[^\]]*"\]""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instruction();

    // A verb, the word behind it, and options, overrides and placeholders for as long as they follow.
    [GeneratedRegex(@"\brefrag (?<verb>[a-z]+)( (?<below>[a-z]+))?(?<rest>( (--?[a-z][\w-]*|[\w.]+=[^\s`""]*|[A-Z]+\b))*)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InSentence();

    private static string RepositoryRoot(string folder) =>
        File.Exists(Path.Combine(folder, "refrag.slnx")) ? folder : RepositoryRoot(Path.GetDirectoryName(folder)!);
}

using System.CommandLine;
using System.Text;
using Refrag.Apps;
using Refrag.Cli;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Reference.Problems;
using Refrag.ShippedApps;
using Refrag.SourceAnalysis;

namespace Refrag.Reference;

/// <summary>The pages of docs/reference, made from the program and its sources.</summary>
/// <param name="Pages">The pages by their path below the repository's root.</param>
/// <param name="Gaps">What a page should say and the program does not: a missing meaning, a description that is too long.</param>
public sealed record ReferencePages(IReadOnlyDictionary<string, string> Pages, IReadOnlyList<string> Gaps)
{
    private const string Folder = "docs/reference";

    /// <summary>Makes the pages; nothing is written.</summary>
    /// <param name="code">The repository's code.</param>
    public static ReferencePages Create(SourceCode code)
    {
        List<string> gaps = [];
        CliContext context = Context();
        IReadOnlyList<ProblemMessage> problems = ProblemMessages.Find(code);
        gaps.AddRange(ProblemMessages.Codes(code).Except(problems.Select(problem => problem.Code), StringComparer.Ordinal)
            .Select(missing => $"what {missing} says was not found"));
        gaps.AddRange(problems.GroupBy(problem => problem.Code, StringComparer.Ordinal)
            .Where(code => code.All(problem => problem.Cures.Count == 0)).Select(code => $"{code.Key} has no cure"));
        RootCommand root = RootVerb.Create(context);
        string json = JsonPage.Write(code, root, gaps);
        Dictionary<string, string> pages = new(StringComparer.Ordinal)
        {
            [$"{Folder}/README.md"] = Index(root),
            [$"{Folder}/commands.md"] = CommandsPage.Write(root, gaps),
            [$"{Folder}/configuration.md"] = ConfigurationPage.Write(code, context, gaps),
            [$"{Folder}/exit-codes.md"] = ExitCodesPage.Write(code, gaps),
            [$"{Folder}/json.md"] = json,
            [$"{Folder}/problems.md"] = ProblemsPage.Write(problems),
        };
        return new ReferencePages(pages, gaps);
    }

    /// <summary>Lists the pages that differ from the files, with the first line that does; empty if none does.</summary>
    /// <param name="root">The repository's root.</param>
    public IReadOnlyList<string> Differences(string root) =>
        [.. Pages.Select(page => Difference(root, page.Key, page.Value)).OfType<string>()
            .Concat(Unknown(root).Select(path => $"{path} is not a page of the reference"))];

    /// <summary>Writes the pages, and removes what is none of them.</summary>
    /// <param name="root">The repository's root.</param>
    public void Write(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, Folder));
        foreach ((string path, string text) in Pages) File.WriteAllText(Path.Combine(root, path), text);
        foreach (string path in Unknown(root)) File.Delete(Path.Combine(root, path));
    }

    private static string? Difference(string root, string path, string text)
    {
        string file = Path.Combine(root, path);
        if (!File.Exists(file)) return $"{path} does not exist";
        string[] there = File.ReadAllText(file).Split('\n');
        string[] made = text.Split('\n');
        int at = Enumerable.Range(0, Math.Max(there.Length, made.Length))
            .FirstOrDefault(i => there.ElementAtOrDefault(i) != made.ElementAtOrDefault(i), -1);
        return at < 0 ? null : $"{path}:{at + 1}: {there.ElementAtOrDefault(at) ?? "(end)"} ≠ {made.ElementAtOrDefault(at) ?? "(end)"}";
    }

    private IEnumerable<string> Unknown(string root) => Directory.Exists(Path.Combine(root, Folder))
        ? Directory.EnumerateFiles(Path.Combine(root, Folder)).Select(file => $"{Folder}/{Path.GetFileName(file)}").Except(Pages.Keys)
        : [];

    private static string Index(RootCommand root)
    {
        var page = new StringBuilder("# Reference\n\n");
        page.Append(Prose.Wrap("These pages are generated from the program by `eng/reference`; a test compares them.")).Append('\n');
        page.Append("- [Commands](commands.md): every command with its arguments and options\n");
        page.Append("- [Configuration keys](configuration.md): types, ranges and defaults\n");
        page.Append("- [JSON](json.md): what `--json` prints\n");
        page.Append("- [Exit codes](exit-codes.md)\n");
        page.Append("- [Problem codes](problems.md): what each RFnnnn says, and its cure\n\n");
        page.Append("| command | |\n|---|---|\n");
        foreach ((string name, Command verb) in CommandsPage.Verbs(root).Where(one => one.Verb.Subcommands.Count == 0))
        {
            string link = $"[{name}](commands.md#{name.Replace(' ', '-')})";
            page.Append("| ").Append(link).Append(" | ").Append(Prose.Escape((verb.Description ?? "").Split('\n')[0])).Append(" |\n");
        }
        return page.ToString();
    }

    // Nothing is run with it: the tree of commands and the configuration that comes with refrag are read.
    private static CliContext Context() => new()
    {
        Terminal = new Terminal(TextWriter.Null, TextWriter.Null, _ => null, outputIsTerminal: false, errorIsTerminal: false),
        Apps = new AppRegistry(BuiltInApps.All),
        Time = TimeProvider.System,
        Variable = _ => null,
        WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory)!,
        Signals = new Signals(),
    };
}

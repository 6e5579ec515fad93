using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;

namespace Refrag.Reference;

/// <summary>docs/reference/commands.md.</summary>
internal static class CommandsPage
{
    /// <summary>The longest title of a verb, and description of an argument or an option, that help shows well.</summary>
    private const int Longest = 80;

    public static string Write(RootCommand root, ICollection<string> gaps)
    {
        // The usual help without the configuration's keys, which have a page of their own.
        root.Options.OfType<HelpOption>().Single().Action = new HelpOption().Action;
        var page = new StringBuilder("# Commands\n\n");
        page.Append(Prose.Wrap(Prose.Sentence(Prose.Escape(root.Description!)))).Append('\n');
        page.Append(Prose.Wrap(
            "Every command has `-?`, `-h` and `--help`; `refrag --version` prints the version. An option's value follows after a space or "
            + "an equals sign. What `--json` prints is on the page [json](json.md), what an exit code means on "
            + "[exit-codes](exit-codes.md), and the keys that overrides change on [configuration](configuration.md)."));
        foreach ((string name, Command verb) in Verbs(root)) Append(page, root, name, verb, gaps);
        return page.ToString();
    }

    /// <summary>Lists the verbs with their whole names, each before those below it.</summary>
    public static IEnumerable<(string Name, Command Verb)> Verbs(Command above, string prefix = "refrag") =>
        above.Subcommands.Where(verb => !verb.Hidden).OrderBy(verb => verb.Name, StringComparer.Ordinal)
            .SelectMany(verb => Verbs(verb, $"{prefix} {verb.Name}").Prepend(($"{prefix} {verb.Name}", verb)));

    private static void Append(StringBuilder page, RootCommand root, string name, Command verb, ICollection<string> gaps)
    {
        page.Append(Prose.Heading(2, name));
        string[] description = (verb.Description ?? "").Split('\n', 2);
        page.Append(Prose.Wrap(Described(name, description[0], gaps))).Append('\n');
        page.Append("    ").Append(Usage(root, name)).Append('\n');
        if (description.Length > 1) page.Append('\n').Append(More(description[1]));
        if (verb.Subcommands.Count > 0)
        {
            page.Append('\n').Append(Prose.Wrap(
                $"Commands: {string.Join(", ", Verbs(verb, name).Select(one => $"[{one.Name}](#{one.Name.Replace(' ', '-')})"))}."));
        }
        Argument[] arguments = [.. verb.Arguments.Where(argument => !argument.Hidden)];
        if (arguments.Length > 0) page.Append("\nArguments:\n\n");
        foreach (Argument argument in arguments)
        {
            page.Append(Prose.Wrap(
                $"`<{argument.HelpName ?? argument.Name}>`: {Described($"{name} <{argument.Name}>", argument.Description, gaps)}"
                + $"{Allowed(argument.CompletionSources, argument.ValueType)}"
                + $"{Default(argument.HasDefaultValue ? argument.GetDefaultValue() : null)}", "- ", 2));
        }
        Option[] options = [.. verb.Options.Where(option => !option.Hidden && option is not HelpOption and not VersionOption)
            .OrderBy(option => option.Name, StringComparer.Ordinal)];
        if (options.Length > 0) page.Append("\nOptions:\n\n");
        foreach (Option option in options)
        {
            page.Append(Prose.Wrap(
                $"{Names(option)}: {Described($"{name} {option.Name}", option.Description, gaps)}"
                + $"{(option.Required ? " Required." : "")}{Many(option)}{Allowed(option.CompletionSources, option.ValueType)}"
                + $"{Default(option.HasDefaultValue ? option.GetDefaultValue() : null)}", "- ", 2));
        }
    }

    // A table, which is indented, or a paragraph.
    private static string More(string text) => text.StartsWith(' ')
        ? string.Concat(text.Split('\n').Select(line => $"  {line.TrimEnd()}\n"))
        : Prose.Wrap(Prose.Escape(text));

    private static string Described(string of, string? description, ICollection<string> gaps)
    {
        if (string.IsNullOrEmpty(description)) gaps.Add($"{of} has no description");
        if (description?.Length > Longest) gaps.Add($"{of} has a description of {description.Length} characters: {description}");
        return Prose.Sentence(Prose.Escape(description ?? ""));
    }

    // What help prints, without its indentation.
    private static string Usage(RootCommand root, string name)
    {
        var help = new StringWriter();
        root.Parse($"{name["refrag ".Length..]} --help").Invoke(new InvocationConfiguration { Output = help });
        string[] lines = [.. help.ToString().ReplaceLineEndings("\n").Split('\n').SkipWhile(line => line != "Usage:").Skip(1)
            .TakeWhile(line => line.Trim().Length > 0)];
        // The program's name is that of whoever runs this.
        return $"refrag {string.Join(' ', lines.Select(line => line.Trim())).Split(' ', 2)[1]}";
    }

    private static string Names(Option option)
    {
        string value = IsFlag(option) ? "" : $" <{option.HelpName ?? option.Name.TrimStart('-')}>";
        IEnumerable<string> aliases = option.Aliases.Order(StringComparer.Ordinal).Select(alias => $"`{alias}`");
        return string.Join(", ", aliases.Prepend($"`{option.Name}{value}`"));
    }

    private static bool IsFlag(Option option) => option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;

    private static string Many(Option option) =>
        option.Arity.MaximumNumberOfValues > 1 && option.Description?.Contains("more than once", StringComparison.Ordinal) != true
            ? " May be given more than once." : "";

    private static string Allowed(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Type type)
    {
        if (type == typeof(bool)) return "";
        string[] values = [.. sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => $"`{item.Label}`")];
        return values.Length == 0 ? "" : $" One of {string.Join(", ", values)}.";
    }

    private static string Default(object? value) => value switch
    {
        null or false or "" => "",
        IEnumerable<string> values => $" Default: {string.Join(", ", values.Select(one => $"`{one}`"))}.",
        string or not System.Collections.IEnumerable => $" Default: `{Convert.ToString(value, CultureInfo.InvariantCulture)}`.",
        _ => "",
    };
}

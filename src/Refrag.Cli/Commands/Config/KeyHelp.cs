using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Tree;

namespace Refrag.Cli.Commands.Config;

/// <summary>
/// The help of a verb that takes overrides, and behind it the keys that these overrides leave to change: of the app that they choose, and
/// of the environment.
/// </summary>
internal sealed class KeyHelp(CliContext context, HelpAction usual) : SynchronousCommandLineAction
{
    // As wide as the names of most keys with their values; a longer one has its description on a line of its own.
    private const int Column = 34;

    // What is missing or wrong on the command line does not matter if help is asked for.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        // The first line of a description is its title: a list of verbs shows no more, the verb's own help shows all.
        foreach (Command below in parseResult.CommandResult.Command.Subcommands)
            below.Description = below.Description?.Split('\n')[0];
        int exit = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command.Arguments.OfType<OverridesArgument>().FirstOrDefault() is not { } argument) return exit;
        string[] overrides = parseResult.GetValue(argument) ?? [];
        if (!Configurations.Composer(context, parseResult.GetValue<string[]>("--config-dir") ?? [])
            .TryGet(out Composer? composer, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        if (overrides.Length == 0)
        {
            context.Terminal.Output(
                $"Apps: {string.Join(", ", composer.Options("app"))}. The keys of one: refrag {parseResult.CommandResult.Command.Name} "
                    + "app=NAME --help");
            return exit;
        }
        if (!composer.Compose(parseResult.GetValue<string>("--config-name"), overrides, ComposeMode.Sweep)
            .TryGet(out Composition.Composition? composition, out problems))
            return context.Refuse(problems);
        Print(composition);
        return exit;
    }

    private void Print(Composition.Composition composition)
    {
        Dictionary<string, SchemaKey> declared = new(StringComparer.Ordinal);
        foreach ((string path, SchemaKey key) in composition.Schemas.SelectMany(schema => schema.Flatten())) declared[path] = key;
        foreach (string path in declared.Keys.Where(IsHydra).ToList()) declared.Remove(path);
        ILookup<bool, (string Path, ConfigNode Value)> keys = Leaves(composition.Config, "", declared)
            .Where(key => key.Path != "app" && !IsHydra(key.Path) && !key.Path.StartsWith("app.", StringComparison.Ordinal))
            .ToLookup(key => key.Path.StartsWith("env.", StringComparison.Ordinal));
        string? about = composition.Schemas.FirstOrDefault(schema => schema.Package is not ("env" or "hydra"))?.Schema.Description;
        Section($"Keys of app={composition.Choices.GetValueOrDefault("app") ?? "…"}{(about is null ? "" : $" ({about.TrimEnd('.')})")}:",
            keys[false], declared, composition, isEnvironment: false);
        Section($"Keys of env={composition.Choices.GetValueOrDefault("env") ?? "…"}:", keys[true], declared, composition,
            isEnvironment: true);
    }

    private static bool IsHydra(string path) => path == "hydra" || path.StartsWith("hydra.", StringComparison.Ordinal);

    private void Section(
        string title, IEnumerable<(string Path, ConfigNode Value)> keys, Dictionary<string, SchemaKey> declared,
        Composition.Composition composition, bool isEnvironment)
    {
        context.Terminal.Output(title);
        HashSet<string> there = new(StringComparer.Ordinal);
        foreach ((string path, ConfigNode value) in keys)
        {
            there.Add(path);
            Line($"{path}={Shown(value)}", declared.GetValueOrDefault(path));
        }
        // What may be added: declared, and not there. An environment lists what it takes, so what it leaves out means nothing to it.
        foreach ((string path, SchemaKey key) in declared)
        {
            bool isHere = path.StartsWith("env.", StringComparison.Ordinal) == isEnvironment;
            if (isHere && (!isEnvironment || key.IsRequired) && !there.Contains(path) && key.Keys is null
                && KeyLookup.Find(composition.Config, path) is null) Line($"+{path}={key.Default}", key);
        }
        context.Terminal.Output("");
    }

    private void Line(string name, SchemaKey? key)
    {
        string about = key is null
            ? ""
            : $"{(key.Description is { } description ? $"{description} " : "")}[{key.Allowed}{(key.IsRequired ? ", required" : "")}]";
        if (name.Length >= Column && about.Length > 0)
        {
            context.Terminal.Output($"  {name}");
            name = "";
        }
        context.Terminal.Output($"  {name.PadRight(Column)}{about}".TrimEnd());
    }

    // A mapping is its keys, unless it is empty or its schema speaks of it as a whole.
    private static IEnumerable<(string Path, ConfigNode Value)> Leaves(
        ConfigMapping mapping, string prefix, Dictionary<string, SchemaKey> declared)
    {
        foreach ((ConfigKey key, ConfigNode value, _) in mapping)
        {
            string path = prefix + key;
            if (value is ConfigMapping { Count: > 0 } inner && (!declared.TryGetValue(path, out SchemaKey? said) || said.Keys is not null))
            {
                foreach (var leaf in Leaves(inner, $"{path}.", declared)) yield return leaf;
            }
            else
            {
                yield return (path, value);
            }
        }
    }

    private static string Shown(ConfigNode value) => value.IsNull ? "null" : value switch
    {
        ConfigScalar { Kind: ScalarKind.String } text => text.ToString(),
        _ => ConfigJson.Write(value),
    };
}

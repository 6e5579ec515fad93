using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Cli.Commands.Config;

/// <summary>
/// <c>refrag config show</c>: the composed configuration. <c>refrag config show --json</c> prints it as one object, whose members are the
/// configuration's keys.
/// </summary>
internal static class ConfigShowVerb
{
    public static Command Create(CliContext context)
    {
        ConfigOptions config = new();
        Option<bool> resolve = new("--resolve") { Description = "Replace every interpolation by its value." };
        Option<string> package = new("--package", "-p") { Description = "Only what is below this key, as env or app.command." };
        Option<bool> json = new("--json") { Description = "Print JSON instead of YAML." };
        Command verb = new("show", "Print the configuration that overrides compose.") { config.Overrides, resolve, package, json };
        config.AddTo(verb);
        verb.SetAction(
            parsed =>
                Run(context, config.Compose(context, parsed), parsed.GetValue(package), parsed.GetValue(resolve), parsed.GetValue(json)));
        return verb;
    }

    private static int Run(CliContext context, Result<Composition.Composition> composed, string? package, bool resolve, bool json)
    {
        if (!composed.TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems)
            || !Content(composition, resolve).TryGet(out ConfigMapping? config, out problems)
            || !Part(config, package).TryGet(out ConfigNode? part, out problems))
        {
            return context.Refuse(problems);
        }
        context.Terminal.Warnings(composition.Warnings);
        context.Terminal.Output(json ? ConfigJson.Write(part) : Yaml(part, package));
        return ExitCodes.Success;
    }

    // A value that is still open is shown as such: `config check` is what refuses it.
    private static Result<ConfigMapping> Content(Composition.Composition composition, bool resolve) =>
        resolve ? composition.Resolve(allowMissing: true) : composition.Config;

    private static Result<ConfigNode> Part(ConfigMapping config, string? package)
    {
        if (package is null) return config;
        const string Option = "--package=";
        string key = Configurations.Aliases.Key(package);
        return KeyLookup.Find(config, key) is { } part
            ? part
            : KeyLookup.NoKey(config, key, package, new ArgumentPlace(Option + package, Option.Length + 1));
    }

    // With the header, what is printed can be kept as a file that composes to the same.
    private static string Yaml(ConfigNode part, string? package)
    {
        string text = ConfigYamlWriter.Write(part).TrimEnd('\n');
        return package is null || part is not ConfigMapping ? text : $"# @package {Configurations.Aliases.Key(package)}\n{text}";
    }
}

using Refrag.Cli.Context;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Cli.Configuration;

/// <summary>Prints a composed configuration, or a part of it.</summary>
internal static class ConfigOutput
{
    /// <summary>Prints what was composed, or what is wrong with it.</summary>
    public static int Print(CliContext context, Result<Composition.Composition> composed, string? package, bool resolve, bool json)
    {
        if (!composed.TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems)
            || !Content(composition, resolve, withHydra: package is not null).TryGet(out ConfigMapping? config, out problems)
            || !Part(config, package).TryGet(out ConfigNode? part, out problems))
        {
            return context.Refuse(problems);
        }
        context.Terminal.Warnings(composition.Warnings);
        context.Terminal.Output(json ? ConfigJson.Write(part) : Yaml(part, package));
        return ExitCodes.Success;
    }

    // A value that is still open is shown as such: `config check` is what refuses it.
    private static Result<ConfigMapping> Content(Composition.Composition composition, bool resolve, bool withHydra)
    {
        Result<ConfigMapping> content = resolve ? composition.Resolve(allowMissing: true) : composition.Config;
        // What Hydra has of its own is shown where it is asked for.
        return withHydra || !content.TryGet(out ConfigMapping? config, out _) ? content : config.Without("hydra");
    }

    private static Result<ConfigNode> Part(ConfigMapping config, string? package)
    {
        if (string.IsNullOrEmpty(package)) return config;
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
        return string.IsNullOrEmpty(package) || part is not ConfigMapping
            ? text
            : $"# @package {Configurations.Aliases.Key(package)}\n{text}";
    }
}

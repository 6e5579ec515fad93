using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;

namespace Refrag.Cli.Commands.Config;

/// <summary><c>refrag config groups</c>: what there is to choose from.</summary>
internal static class ConfigGroupsVerb
{
    public static Command Create(CliContext context)
    {
        ConfigOptions config = new();
        Argument<string?> group = new(ConfigOptions.GroupName)
        {
            Description = "One group: print its options alone, one a line.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command verb = new("groups", "List the groups and their options.") { group };
        config.AddTo(verb);
        verb.SetAction(parsed => Run(context, config, parsed, parsed.GetValue(group)));
        return verb;
    }

    private static int Run(CliContext context, ConfigOptions config, ParseResult parsed, string? group)
    {
        if (!config.Composer(context, parsed).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        string configName = config.NameOf(parsed);
        composer = Configurations.OfOthers(context, composer, config.FoldersOf(parsed), configName) ?? composer;
        return group is null ? PrintAll(context, composer, configName) : PrintOne(context, composer, group.TrimEnd('/'));
    }

    private static int PrintAll(CliContext context, Composer composer, string configName)
    {
        // A configuration that does not compose has groups all the same: then no option is marked.
        IReadOnlyDictionary<string, string?>? chosen = composer.ExpandDefaults(configName, []).TryGet(out var defaults, out _)
            ? defaults.Choices
            : null;
        foreach (string group in ConfigGroups.Of(composer).Where(g => composer.Options(g).Count > 0))
        {
            context.Terminal.Output(group);
            foreach (string option in composer.Options(group))
                context.Terminal.Output(chosen?.GetValueOrDefault(group) == option ? $"  {option}  (default)" : $"  {option}");
        }
        return ExitCodes.Success;
    }

    private static int PrintOne(CliContext context, Composer composer, string group)
    {
        List<string> lines = [.. composer.Options(group), .. composer.Groups(group).Select(g => $"{g}/")];
        if (lines.Count == 0) return context.Refuse([NoGroup(composer, group)]);
        foreach (string line in lines) context.Terminal.Output(line);
        return ExitCodes.Success;
    }

    private static Problem NoGroup(Composer composer, string group)
    {
        List<string> known = [.. ConfigGroups.Of(composer)];
        return new Problem
        {
            Code = "RF5003",
            What = $"There is no group '{group}'",
            Cause = known.Count == 0 ? null : $"The groups are {string.Join(", ", known)}",
            Cure = $"Name one of them, or add the folder {group} with an option to your configuration.{Suggestion.Sentence(group, known)}",
            Place = new ArgumentPlace(group, 1, Math.Max(1, group.Length)),
        };
    }
}

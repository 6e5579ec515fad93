using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;

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
                ConfigOutput.Print(
                    context, config.Compose(context, parsed), parsed.GetValue(package), parsed.GetValue(resolve), parsed.GetValue(json)));
        return verb;
    }
}

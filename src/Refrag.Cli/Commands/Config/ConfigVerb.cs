using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Config;

/// <summary><c>refrag config</c>: looks at a configuration; sends and starts nothing.</summary>
internal static class ConfigVerb
{
    public static Command Create(CliContext context) => new("config", "Look at a configuration before anything runs.")
    {
        ConfigShowVerb.Create(context),
        ConfigExplainVerb.Create(context),
        ConfigCheckVerb.Create(context),
        ConfigGroupsVerb.Create(context),
    };
}

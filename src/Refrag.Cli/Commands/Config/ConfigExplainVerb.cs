using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Config;

/// <summary><c>refrag config explain</c>: where a value comes from.</summary>
internal static class ConfigExplainVerb
{
    public static Command Create(CliContext context)
    {
        ConfigOptions config = new();
        Argument<string> key = new(ConfigOptions.KeyName) { Description = "The key to explain, as env.gpus." };
        Command verb = new(
            "explain", "Show where a key's value comes from: every file and argument that sets it.")
        {
            key, config.Overrides,
        };
        config.AddTo(verb);
        verb.SetAction(parsed => Run(context, config.Compose(context, parsed), parsed.GetRequiredValue(key)));
        return verb;
    }

    private static int Run(CliContext context, Result<Composition.Composition> composed, string typed)
    {
        if (!composed.TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        // A project may have a key of its own where refrag has another name for one.
        string key = KeyLookup.Find(composition.Config, typed) is null ? Configurations.Aliases.Key(typed) : typed;
        // A key that was removed is not there, and has a history all the same.
        if (KeyLookup.Find(composition.Config, key) is null && composition.Explain(key).Count == 0)
            return context.Refuse([KeyLookup.NoKey(composition.Config, key, typed, new ArgumentPlace(typed))]);
        context.Terminal.Output(History.Render(composition, key, context.Variable));
        return ExitCodes.Success;
    }
}

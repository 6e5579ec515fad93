using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Sweeps;
using Refrag.Composition.Tree;

namespace Refrag.Cli.Commands.Config;

/// <summary><c>refrag config check</c>: everything that would go wrong with a configuration.</summary>
internal static class ConfigCheckVerb
{
    public static Command Create(CliContext context)
    {
        ConfigOptions config = new();
        Option<bool> multirun = new("--multirun", "-m") { Description = "Check every job of a sweep." };
        Command verb = new("check", "Find open values, broken interpolations, unknown keys and idle overrides.")
        {
            config.Overrides, multirun,
        };
        config.AddTo(verb);
        verb.SetAction(
            (parsed, cancellationToken) => Task.FromResult(Run(context, config, parsed, parsed.GetValue(multirun), cancellationToken)));
        return verb;
    }

    private static int Run(CliContext context, ConfigOptions config, ParseResult parsed, bool multirun, CancellationToken cancellationToken)
    {
        if (!config.Composer(context, parsed).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems))
            return context.Refuse(problems);
        IReadOnlyList<Problem> idle = [];
        IEnumerable<IReadOnlyList<string>> jobs = [config.OverridesOf(context, parsed)];
        if (multirun)
        {
            if (!Configurations.Sweep(composer, config.OverridesOf(context, parsed)).TryGet(out Sweep? sweep, out problems))
                return context.Refuse(problems);
            (jobs, idle) = (sweep.Jobs().Select(job => job.Overrides), sweep.Warnings);
        }
        HashSet<(string, string, Place?)> seen = [];
        int number = 0;
        List<Problem> found = [.. idle], warnings = [];
        foreach (IReadOnlyList<string> overrides in jobs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The jobs of a sweep share most of their mistakes: what differs in nothing but the value of an argument is reported once.
            Composer ofJob = multirun ? composer.For(Configurations.Job(context, number++)) : composer;
            Result<Composition.Composition> composed = ofJob.Compose(config.NameOf(parsed), overrides);
            found.AddRange(Problems(composed).Where(IsNew));
            if (composed.IsSuccess) warnings.AddRange(composed.Value.Warnings.Where(IsNew));
        }
        context.Terminal.Warnings(warnings);
        if (found.Count > 0) return context.Refuse(found);
        context.Terminal.Output("no problems");
        return ExitCodes.Success;

        bool IsNew(Problem problem) => seen.Add((problem.Code, problem.What, multirun ? null : problem.Place));
    }

    private static IEnumerable<Problem> Problems(Result<Composition.Composition> composed)
    {
        if (!composed.TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems)) return problems;
        Result<ConfigMapping> resolved = composition.Resolve();
        return [.. composition.Check(), .. resolved.Problems];
    }
}

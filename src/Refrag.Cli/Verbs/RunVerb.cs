using System.CommandLine;
using Refrag.Cli.Running;
using Refrag.Jobs;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag run</c>: from overrides to a job on the right queue.</summary>
internal static class RunVerb
{
    public static Command Create(CliContext context)
    {
        Argument<string[]> overrides = new("overrides")
        {
            Description = "What to run and where: app=train env=awsbatch env.gpus=2 lr=0.01",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string[]> configDir = new("--config-dir") { Description = "Where your configuration is; may be given more than once. Default: conf in the current directory." };
        Option<string> configName = new("--config-name") { Description = "The file to start from.", DefaultValueFactory = _ => "config" };
        Option<bool> dryRun = new("--dry-run") { Description = "Print the exact requests as JSON and send nothing; needs no credentials." };
        Option<bool> watch = new("--watch", "-w") { Description = "Follow the job to its end, with its log; the exit code is the job's." };
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Option<bool> multirun = new("--multirun", "-m") { Description = "Run every combination of comma-separated values: lr=0.1,0.01 seed=1,2." };

        Command verb = new("run", "Run an app on this machine (env=local) or on AWS Batch (env=awsbatch).")
        {
            overrides, configDir, configName, dryRun, watch, json, multirun,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            context,
            new RunOptions
            {
                Overrides = parsed.GetValue(overrides) ?? [],
                ConfigDirs = parsed.GetValue(configDir) ?? [],
                ConfigName = parsed.GetRequiredValue(configName),
                DryRun = parsed.GetValue(dryRun),
                Watch = parsed.GetValue(watch),
                Json = parsed.GetValue(json),
                Multirun = parsed.GetValue(multirun),
            },
            cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, RunOptions options, CancellationToken cancellationToken)
    {
        if (!JobComposer.Compose(context, options).TryGet(out IReadOnlyList<PlannedJob>? jobs, out IReadOnlyList<Problem> problems))
        {
            context.Terminal.Problems(problems);
            return ExitCodes.Usage;
        }
        if (jobs.Any(job => job is { Spec.Kind: EnvironmentKind.AwsBatch, Plan.Derivation.Nodes: > 1 }))
            context.Terminal.Note("A multi-node job does not run on Spot instances: its queue needs an on-demand compute environment.");
        if (options.DryRun) return DryRun.Print(context.Terminal, jobs, options.Multirun);
        context.Signals.Listen();
        // A sweep has one environment: its jobs go one way.
        return jobs[0].Spec.Kind == EnvironmentKind.Local
            ? await new LocalRun(context, options).RunAsync(jobs, cancellationToken)
            : await new BatchRun(context, options).RunAsync(jobs, cancellationToken);
    }
}

/// <summary>The options of <c>refrag run</c>.</summary>
internal sealed record RunOptions
{
    public IReadOnlyList<string> Overrides { get; init; } = [];

    public IReadOnlyList<string> ConfigDirs { get; init; } = [];

    public string ConfigName { get; init; } = "config";

    public bool DryRun { get; init; }

    public bool Watch { get; init; }

    public bool Json { get; init; }

    public bool Multirun { get; init; }
}

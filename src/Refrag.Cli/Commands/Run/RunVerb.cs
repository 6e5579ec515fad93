using System.CommandLine;
using Refrag.Cli.Commands.Run.Sweeps;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;
using Refrag.Regions;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>refrag run</c>: from overrides to a job on the right queue, or to a sweep of many.</summary>
internal sealed class RunVerb
{
    /// <summary>Printed if a job has several nodes.</summary>
    public const string NotOnSpot = "A multi-node job does not run on Spot instances: its queue needs an on-demand compute environment.";

    private readonly ConfigOptions _config = new();
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print the exact requests as JSON and send nothing; needs no credentials.",
    };
    private readonly Option<bool> _force = new("--force")
    {
        Description = "Send even what no instance type behind the queue can host.",
    };
    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Follow to the end, with the log; the exit code is the job's.",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON alone on standard output." };
    private readonly Option<bool> _multirun = new("--multirun", "-m")
    {
        Description = "Run every combination of comma-separated values: lr=0.1,0.01 seed=1,2.",
    };
    private readonly Option<bool> _unchecked = new("--unchecked")
    {
        Description = "Pass a Hydra program's overrides on without composing them first.",
    };
    private readonly Option<string> _cfg = new("--cfg")
    {
        HelpName = "job|hydra|all",
        Description = "Print the configuration and run nothing, as Hydra does.",
    };
    private readonly Option<string> _resume = new("--resume")
    {
        HelpName = "manifest",
        Description = "Resume a sweep: run what has not succeeded and is not under way.",
    };
    private readonly Option<string> _manifest = new("--manifest")
    {
        HelpName = "file",
        Description = "Where a sweep's manifest goes. Default: a new file in outputs/sweeps.",
    };
    private readonly Option<bool> _failFast = new("--fail-fast") { Description = "Start nothing more once a job of the sweep has failed." };
    private readonly Option<int?> _maxJobs = new("--max-jobs")
    {
        HelpName = "n",
        Description = "Run at most n jobs of the sweep at the same time.",
    };

    private readonly Option<decimal?> _maxCost = new("--max-cost")
    {
        HelpName = "usd",
        Description = "Refuse what is estimated to cost more, a sweep as a whole; nothing is sent.",
    };
    private readonly Option<double?> _hours = new("--hours")
    {
        HelpName = "h",
        Description = "How long each job runs, for --max-cost and budgets. Default: its timeout, or 1.",
    };
    private readonly Option<bool> _overBudget = BudgetGate.Option();
    private readonly Option<string[]> _notify = Notifier.Option();

    private RunVerb()
    {
        _maxJobs.Must(n => n >= 1, "must be a whole number from 1");
        _maxCost.Must(usd => usd >= 0, "must be an amount of USD from 0");
        _cfg.AcceptOnlyFromAmong("job", "hydra", "all");
        _hours.Must(h => h is > 0 and < 100_000, "must be above 0 and below 100,000");
    }

    public static Command Create(CliContext context)
    {
        RunVerb options = new();
        Command verb = new(
            "run",
            "Run an app or a command on this machine (env=local) or AWS Batch (env=awsbatch).\n"
            + "Overrides choose and change what refrag's configuration says. Behind -- stands a command that runs instead of an app; it "
            + "gets its words as they are. With -m, its arguments of the form lr=0.1,0.01 or --lr=0.1,0.01 are swept too.")
        {
            options._config.Overrides, options._dryRun, options._force, options._watch, options._json,
            options._multirun, options._cfg, options._resume, options._manifest, options._failFast,
            options._maxJobs, options._maxCost, options._hours, options._overBudget, options._notify, options._unchecked,
        };
        options._config.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (OpenSsl.Check(context) is { Count: > 0 } missing) return context.Refuse(missing);
            Result<Notifier> read = await Notifier.ReadAsync(context, parsed.GetValue(options._notify), cancellationToken);
            return read.TryGet(out Notifier? notifier, out IReadOnlyList<Problem> problems)
                ? await RunAsync(context, options.Read(context, parsed) with { Notifier = notifier }, cancellationToken)
                : context.RefuseToSend(problems);
        });
        return verb;
    }

    private RunOptions Read(CliContext context, ParseResult parsed) => new()
    {
        // A sweep that is resumed has its environment already.
        Words = parsed.GetValue(_resume) is null ? _config.WordsOf(context, parsed) : JobWords.Of(parsed, _config.Overrides),
        Unchecked = parsed.GetValue(_unchecked),
        ConfigDirs = _config.FoldersOf(parsed),
        ConfigName = _config.NameOf(parsed),
        DryRun = parsed.GetValue(_dryRun),
        Force = parsed.GetValue(_force),
        Watch = parsed.GetValue(_watch),
        Json = parsed.GetValue(_json),
        Multirun = parsed.GetValue(_multirun),
        Cfg = parsed.GetValue(_cfg),
        Resume = parsed.GetValue(_resume),
        Manifest = parsed.GetValue(_manifest),
        FailFast = parsed.GetValue(_failFast),
        MaxJobs = parsed.GetValue(_maxJobs),
        MaxCost = parsed.GetValue(_maxCost),
        Hours = parsed.GetValue(_hours),
        OverBudget = parsed.GetValue(_overBudget),
    };

    private static async Task<int> RunAsync(CliContext context, RunOptions options, CancellationToken cancellationToken)
    {
        if (options.Resume is { } manifest) return await new SweepRun(context, options).ResumeAsync(manifest, cancellationToken);
        if (options.Cfg is { } part) return Show(context, options, part);
        if (options.Multirun) return await new SweepRun(context, options).StartAsync(cancellationToken);
        if (!options.Source(context).TryGet(out JobSource? source, out IReadOnlyList<Problem> problems))
            return context.RefuseToSend(problems);
        ComposedJob composed = JobComposer.Compose(context, source, options.Words);
        // What does not compose as one job may be a sweep by its configuration.
        HydraSweep sweep = composed.Sweep ?? HydraSweep.Read(source.Composer, source.ConfigName, options.Words.Overrides);
        if (sweep.IsMultirun) return await new SweepRun(context, options).StartAsync(source, sweep, cancellationToken);
        if (ForSweeps(options) is { } option) return context.RefuseToSend([SweepRefusals.NeedsSweep(option)]);
        if (!composed.Job.TryGet(out PlannedJob? job, out problems)) return context.RefuseToSend(problems);
        context.Terminal.Warnings(job.Warnings);
        NoteUnchecked(context, source);
        NoteEntryPoint(context, job.Spec);
        if (job.Spec.Kind != EnvironmentKind.Local && options.IsNotifiedInVain)
            return context.RefuseToSend([NotifyProblems.NeedsWatch(job.Spec.Kind)]);
        if (job is { Spec.Kind: EnvironmentKind.AwsBatch, Plan.Derivation.Nodes: > 1 }) context.Terminal.Note(NotOnSpot);
        RegionOffers regions = new(context, checksHosts: !options.Force);
        IReadOnlyList<RankedOffer> offers = [];
        if (job.Spec is { Kind: EnvironmentKind.AwsBatch, Regions: not null })
        {
            offers = await regions.ReadAsync(job, cancellationToken);
            if (options.DryRun) RegionOffers.Print(context.Terminal, offers, toError: true);
            if (!RegionOffers.Choose(job.Spec, offers).TryGet(out JobSpec? there, out problems)
                || !JobComposer.Plan(context, there).TryGet(out job, out problems)) return context.RefuseToSend(problems);
            context.Terminal.Note($"{job.Spec.Name}: region {offers[0].Offer.Region}, {offers[0].Why}");
        }
        if (await new MaxCost(context, options).CheckAsync([job], cancellationToken) is { Count: > 0 } tooMuch)
            return context.RefuseToSend(tooMuch);
        if (await new BudgetGate(context, Configurations.Folders(context, options.ConfigDirs), options.OverBudget)
            .CheckAsync([job], options.DryRun, options.Hours, cancellationToken) is { Count: > 0 } noRoom)
            return context.RefuseToSend(noRoom);
        JobCode code = JobCode.OfFolder(context);
        if (!(await WithStoresAsync(context, job, code, cancellationToken)).TryGet(out job, out problems))
            return context.RefuseToSend(problems);
        string? fallback = FallbackText.Of(job.Spec, job.Plan, options.Watch, isSweep: false);
        if (options.DryRun)
        {
            code.List();
            return DryRun.Print(context.Terminal, job, fallback, RegionText.Of(job.Spec, options.Watch), offers);
        }
        if (fallback is not null) context.Terminal.Note(fallback);
        if (RegionText.Of(job.Spec, options.Watch) is { } moves) context.Terminal.Note($"{job.Spec.Name}: {moves}");
        context.Signals.Listen();
        if (await code.UploadAsync(cancellationToken) is { Count: > 0 } notStored) return context.RefuseToSend(notStored);
        JobSpec ready = await regions.PrepareAsync(job, cancellationToken);
        if (ready != job.Spec && !JobComposer.Plan(context, ready).TryGet(out job, out problems)) return context.RefuseToSend(problems);
        return job.Spec.Kind == EnvironmentKind.Local
            ? await new LocalRun(context, options).RunAsync(job, cancellationToken)
            : await new BatchRun(context, options).RunAsync(job, cancellationToken);
    }

    private static async Task<Result<PlannedJob>> WithStoresAsync(
        CliContext context, PlannedJob job, JobCode code, CancellationToken cancellationToken)
    {
        if (job.Spec.Code is null && !ClaimAccess.IsNeeded(job.Spec)) return job;
        Result<JobSpec> attached = job.Spec.Code is null ? job.Spec : await code.AttachAsync(job.Spec, cancellationToken);
        if (attached.IsSuccess) attached = await ClaimAccess.AttachAsync(context, attached.Value, cancellationToken);
        return attached.TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            ? JobComposer.Plan(context, spec)
            : Result<PlannedJob>.Failure(problems);
    }

    /// <summary>Says that a program of Hydra's gets its overrides as they are, and why.</summary>
    public static void NoteUnchecked(CliContext context, JobSource source)
    {
        if (source.Program is { Unchecked: { } why, Script: { } script })
            context.Terminal.Note($"The overrides of {script} are passed on unchecked: {why}.");
    }

    /// <summary>Says that an image is taken for one without refrag.</summary>
    public static void NoteEntryPoint(CliContext context, JobSpec? spec)
    {
        if (spec is { IsEntryPointAssumed: true, EntryPoint: EntryPoint.Shell, Changes.Image: { } image })
            context.Terminal.Note($"{image} is taken for an image without refrag; if it has refrag, set env.entry_point=refrag.");
    }

    private static int Show(CliContext context, RunOptions options, string part)
    {
        if (!options.Source(context).TryGet(out JobSource? source, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        return ConfigOutput.Print(
            context, source.Composer.Compose(source.ConfigName, source.OverridesOf(options.Words)),
            part == "job" ? null : part == "hydra" ? "hydra" : "", resolve: false, json: options.Json);
    }

    private static string? ForSweeps(RunOptions options) => options switch
    {
        { Manifest: not null } => "--manifest",
        { FailFast: true } => "--fail-fast",
        { MaxJobs: not null } => "--max-jobs",
        _ => null,
    };
}

using Refrag.Cli.Verbs;
using Refrag.Composition;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Cli.Running;

/// <summary>From the command line to planned jobs; nothing is sent and nobody is asked.</summary>
internal static class JobComposer
{
    /// <summary>One job, or those of a sweep in Hydra's order; or all problems of all of them.</summary>
    public static Result<IReadOnlyList<PlannedJob>> Compose(CliContext context, RunOptions options)
    {
        if (!Configurations.Composer(context, options.ConfigDirs).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems))
            return Result<IReadOnlyList<PlannedJob>>.Failure(problems);
        if (!Configurations.Jobs(composer, options).TryGet(out IReadOnlyList<IReadOnlyList<string>>? jobs, out problems))
            return Result<IReadOnlyList<PlannedJob>>.Failure(problems);

        List<PlannedJob> planned = [];
        List<Problem> wrong = [];
        foreach (IReadOnlyList<string> overrides in jobs)
        {
            Result<PlannedJob> job = Plan(context, composer, options.ConfigName, overrides);
            if (job.IsSuccess) planned.Add(job.Value);
            // The jobs of a sweep share most of their mistakes: each is told once.
            else wrong.AddRange(job.Problems.Except(wrong));
        }
        if (wrong.Count == 0 && planned.Any(job => (job.Spec.Kind, job.Spec.Connection) != (planned[0].Spec.Kind, planned[0].Spec.Connection)))
            wrong.Add(SeveralEnvironments(options));
        return wrong.Count > 0 ? Result<IReadOnlyList<PlannedJob>>.Failure(wrong) : planned;
    }

    private static Problem SeveralEnvironments(RunOptions options)
    {
        string argument = options.Overrides.FirstOrDefault(o => o.StartsWith("env", StringComparison.Ordinal) || o.StartsWith("launcher", StringComparison.Ordinal)) ?? "-m";
        return new Problem
        {
            Code = "RF5010",
            What = "A sweep goes to one place, and this one names several kinds of environment, regions, profiles or endpoints",
            Cure = "Run the command once for each of them.",
            Place = new ArgumentPlace(argument, 1, argument.Length),
        };
    }

    private static Result<PlannedJob> Plan(CliContext context, Composer composer, string configName, IReadOnlyList<string> overrides)
    {
        if (!composer.Compose(configName, overrides).TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems)
            || !JobSpecReader.Read(composition).TryGet(out JobSpec? spec, out problems)
            || !KnownApp(context, spec).TryGet(out spec, out problems)
            || !TargetChooser.Choose(spec).TryGet(out Target? target, out problems)
            || !LaunchPlanner.Plan(spec, target, Submitter(context)).TryGet(out LaunchPlan? plan, out problems))
        {
            return Result<PlannedJob>.Failure(problems);
        }
        return new PlannedJob(overrides, spec, plan);
    }

    // A class that this program does not have may be in the image, but here it cannot run.
    private static Result<JobSpec> KnownApp(CliContext context, JobSpec spec) =>
        spec is { Kind: EnvironmentKind.Local, App: ClassApp app } && context.Apps.Find(app.Class) is null
            ? context.Apps.Unknown(app.Class) with { Place = spec.Places.Of("app.class") }
            : spec;

    public static Submitter Submitter(CliContext context) =>
        new(context.Variable("USER") ?? context.Variable("LOGNAME") ?? "unknown", SubmissionId.New(context.Time));
}

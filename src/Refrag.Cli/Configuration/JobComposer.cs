using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Cli.Configuration;

/// <summary>From the command line to a planned job; nothing is sent.</summary>
internal static class JobComposer
{
    /// <summary>One job, or all its problems; and what its configuration says of sweeping.</summary>
    /// <param name="context">The process.</param>
    /// <param name="source">What it is composed from.</param>
    /// <param name="words">The job's overrides, and its command.</param>
    public static ComposedJob Compose(CliContext context, JobSource source, JobWords words)
    {
        (Result<TargetedJob> targeted, HydraSweep? sweep) = TargetWithSweep(context, source, words);
        return new ComposedJob(
            targeted.TryGet(out TargetedJob? job, out IReadOnlyList<Problem> problems)
                ? Plan(context, job)
                : Result<PlannedJob>.Failure(problems),
            sweep);
    }

    /// <summary>The plan of a job that is described already.</summary>
    public static Result<PlannedJob> Plan(CliContext context, JobSpec spec) =>
        Plan(context, new TargetedJob(spec, TargetChooser.Choose(spec)));

    private static Result<PlannedJob> Plan(CliContext context, TargetedJob job) =>
        LaunchPlanner.Plan(job.Spec, job.Target, Submitter(context)).TryGet(out LaunchPlan? plan, out IReadOnlyList<Problem> problems)
            ? new PlannedJob(job.Spec, plan) { Warnings = job.Warnings }
            : Result<PlannedJob>.Failure(problems);

    /// <summary>What one job's words ask for, and where it goes.</summary>
    public static Result<TargetedJob> Target(CliContext context, JobSource source, JobWords words) =>
        TargetWithSweep(context, source, words).Job;

    // What the configuration says of sweeping comes with it, so that none is composed again to ask for that; null if it cannot be
    // composed as one job's.
    private static (Result<TargetedJob> Job, HydraSweep? Sweep) TargetWithSweep(CliContext context, JobSource source, JobWords words)
    {
        HydraSweep? sweep = null;
        Result<TargetedJob> job =
            source.Composer.Check(source.ConfigName, source.OverridesOf(words))
                .TryGet(out CheckedComposition? composed, out IReadOnlyList<Problem> problems)
                ? Target(context, composed, words.Command)
                : Result<TargetedJob>.Failure(problems);
        if (composed is not null) sweep = HydraSweep.Of(composed.Composition.Config);
        // A command is swept with -m alone.
        if (words.Command is not { } command) return (job, sweep);
        return (command.Count > 0 ? Checked(job, source, words, command) : job, HydraSweep.None);
    }

    private static Result<TargetedJob> Checked(
        Result<TargetedJob> job, JobSource source, JobWords words, IReadOnlyList<string> command)
    {
        IReadOnlyList<Problem> wrong = CommandProblems.Of(source, words, command);
        if (wrong.Count > 0) return Result<TargetedJob>.Failure([.. job.Problems, .. wrong]);
        return job.IsSuccess
            ? job.Value with { Warnings = [.. job.Value.Warnings, .. CommandProblems.Warnings(source, command)] }
            : job;
    }

    private static Result<TargetedJob> Target(CliContext context, CheckedComposition composed, IReadOnlyList<string>? command)
    {
        bool isRead = Read(context, composed.Composition).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems);
        if (isRead && command is { Count: > 0 }) spec = spec! with { App = new CommandApp(spec.App.Name, command) };
        IReadOnlyList<Problem> rejected = composed.SchemaProblems;
        IReadOnlyList<Problem> warnings = composed.Composition.Warnings;
        if (isRead && rejected.Count == 0)
            return new TargetedJob(spec!, TargetChooser.Choose(spec!)) { Warnings = warnings };
        // Everything is reported at once, and of one value what the schema says.
        return Result<TargetedJob>.Failure(
            [.. rejected, .. warnings.Concat(problems).Where(other => !rejected.Any(known => IsSameValue(known.Place, other.Place)))]);
    }

    private static Result<JobSpec> Read(CliContext context, Composition.Composition composition) =>
        JobSpecReader.Read(composition).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            ? KnownApp(context, spec)
            : Result<JobSpec>.Failure(problems);

    // Whether two places are of one value.
    private static bool IsSameValue(Place? one, Place? other) => (one, other) switch
    {
        (ArgumentPlace a, ArgumentPlace b) => a.Text == b.Text,
        (FilePlace a, FilePlace b) => a.Path == b.Path && a.Line == b.Line,
        _ => false,
    };

    public static Submitter Submitter(CliContext context) => new(User(context), SubmissionId.New(context.Time));

    /// <summary>The user's name, which jobs carry in the tag <c>user</c>.</summary>
    public static string User(CliContext context) =>
        context.Variable("USER") is { Length: > 0 } user ? user
        : context.Variable("LOGNAME") is { Length: > 0 } name ? name
        : SystemUser();

    // A user without an entry in the system's database, as in many containers, has no name; a system may have no database at all.
    private static string SystemUser()
    {
        try
        {
            return Environment.UserName is { Length: > 1 } name ? name : "unknown";
        }
        catch (IOException)
        {
            return "unknown";
        }
    }

    // A class that this program does not have may be in the image, but here it cannot run.
    private static Result<JobSpec> KnownApp(CliContext context, JobSpec spec) =>
        spec is { Kind: EnvironmentKind.Local, App: ClassApp app } && context.Apps.Find(app.Class) is null
            ? context.Apps.Unknown(app.Class) with { Place = spec.Places.Of(AppKeys.Class) }
            : spec;
}

/// <summary>A job and where it goes.</summary>
internal sealed record TargetedJob(JobSpec Spec, Target Target)
{
    /// <summary>What was accepted, and most likely not meant.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}

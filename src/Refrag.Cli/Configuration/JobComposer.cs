using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Cli.Configuration;

/// <summary>From the command line to a planned job; nothing is sent and nobody is asked.</summary>
internal static class JobComposer
{
    /// <summary>One job, or all its problems.</summary>
    /// <param name="context">The process.</param>
    /// <param name="folders">Where the configuration is; empty for the usual place.</param>
    /// <param name="configName">The file to start from.</param>
    /// <param name="overrides">What is chosen and changed.</param>
    public static Result<PlannedJob> Compose(
        CliContext context, IReadOnlyList<string> folders, string configName, IReadOnlyList<string> overrides) =>
        Configurations.Composer(context, folders).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems)
        && Target(context, composer, configName, overrides).TryGet(out TargetedJob? job, out problems)
        && LaunchPlanner.Plan(job.Spec, job.Target, Submitter(context)).TryGet(out LaunchPlan? plan, out problems)
            ? new PlannedJob(job.Spec, plan)
            : Result<PlannedJob>.Failure(problems);

    /// <summary>What one job's overrides ask for, and where it goes.</summary>
    public static Result<TargetedJob> Target(CliContext context, Composer composer, string configName, IReadOnlyList<string> overrides)
    {
        Result<TargetedJob> job = Read(context, composer, configName, overrides);
        if (job.IsSuccess || !job.Problems.All(SchemaProblem.Is)) return job;
        // A schema stops composing, and behind it may be more: everything is reported at once, and of one value what the schema says.
        IEnumerable<Problem> more = Read(context, Configurations.WithoutSchemas(composer), configName, overrides).Problems
            .Where(other => !job.Problems.Any(known => SchemaProblem.IsSameValue(known.Place, other.Place)));
        return Result<TargetedJob>.Failure([.. job.Problems, .. more]);
    }

    private static Result<TargetedJob> Read(CliContext context, Composer composer, string configName, IReadOnlyList<string> overrides) =>
        composer.Compose(configName, overrides).TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems)
        && JobSpecReader.Read(composition).TryGet(out JobSpec? spec, out problems)
        && KnownApp(context, spec).TryGet(out spec, out problems)
            ? new TargetedJob(spec, TargetChooser.Choose(spec))
            : Result<TargetedJob>.Failure(problems);

    public static Submitter Submitter(CliContext context) =>
        new(context.Variable("USER") ?? context.Variable("LOGNAME") ?? "unknown", SubmissionId.New(context.Time));

    // A class that this program does not have may be in the image, but here it cannot run.
    private static Result<JobSpec> KnownApp(CliContext context, JobSpec spec) =>
        spec is { Kind: EnvironmentKind.Local, App: ClassApp app } && context.Apps.Find(app.Class) is null
            ? context.Apps.Unknown(app.Class) with { Place = spec.Places.Of("app.class") }
            : spec;
}

/// <summary>Problems of values that a schema refuses. RF165x.</summary>
internal static class SchemaProblem
{
    public static bool Is(Problem problem) => problem.Code.StartsWith("RF165", StringComparison.Ordinal);

    /// <summary>Whether two places are of one value.</summary>
    public static bool IsSameValue(Place? one, Place? other) => (one, other) switch
    {
        (ArgumentPlace a, ArgumentPlace b) => a.Text == b.Text,
        (FilePlace a, FilePlace b) => a.Path == b.Path && a.Line == b.Line,
        _ => false,
    };
}

/// <summary>A job and where it goes.</summary>
internal sealed record TargetedJob(JobSpec Spec, Target Target);

using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Targeting;

namespace Refrag.Cli.Configuration;

/// <summary>From a job that is described to the plan of its launch.</summary>
internal static class Planning
{
    public static Result<LaunchPlan> Plan(CliContext context, JobSpec spec) =>
        TargetChooser.Choose(spec).TryGet(out Target? target, out IReadOnlyList<Problem> problems)
            ? LaunchPlanner.Plan(spec, target, JobComposer.Submitter(context))
            : Result<LaunchPlan>.Failure(problems);
}

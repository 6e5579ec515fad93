using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Targeting;

namespace Refrag.Cli.Configuration;

/// <summary>From a job that is described to the plan of its launch.</summary>
internal static class Planning
{
    public static Result<LaunchPlan> Plan(CliContext context, JobSpec spec) =>
        LaunchPlanner.Plan(spec, TargetChooser.Choose(spec), JobComposer.Submitter(context));
}

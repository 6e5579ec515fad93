using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Configuration;

/// <summary>One job that is ready to be sent.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Plan">Its requests.</param>
internal sealed record PlannedJob(JobSpec Spec, LaunchPlan Plan)
{
    /// <summary>What was accepted, and most likely not meant.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}

/// <summary>What a command line was composed to.</summary>
/// <param name="Job">The job, or what is wrong with it.</param>
/// <param name="Sweep">
/// What the configuration says of sweeping, whether the job is right or not; null if it cannot be composed as that of one job.
/// </param>
internal sealed record ComposedJob(Result<PlannedJob> Job, HydraSweep? Sweep);

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

    /// <summary>Whether its configuration says by <c>hydra.mode</c> that it is a sweep.</summary>
    public bool IsMultirun { get; init; }
}

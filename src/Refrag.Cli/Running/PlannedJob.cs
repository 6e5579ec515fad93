using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Running;

/// <summary>One job that is ready to be sent.</summary>
/// <param name="Overrides">The overrides that made it, for people.</param>
/// <param name="Spec">The job.</param>
/// <param name="Plan">Its requests.</param>
internal sealed record PlannedJob(IReadOnlyList<string> Overrides, JobSpec Spec, LaunchPlan Plan);

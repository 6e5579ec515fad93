using Refrag.CommandTables;
using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Sweeps;

/// <summary>One submission of a sweep: a plain job, or an array of many.</summary>
/// <param name="Spec">What its jobs have in common; of an array with its size.</param>
/// <param name="Plan">The requests.</param>
/// <param name="Jobs">Which jobs of the sweep it is, child by child.</param>
/// <param name="IsOnDemand">Whether its jobs have lost their Spot hosts, and go to the on-demand queue.</param>
public sealed record SweepLaunch(JobSpec Spec, LaunchPlan Plan, JobSet Jobs, bool IsOnDemand = false)
{
    /// <summary>Whether it is one array job.</summary>
    public bool IsArray => Plan.Submit.ArrayProperties is not null && Spec.ArraySize == Jobs.Count && Jobs.Count > 1;
}

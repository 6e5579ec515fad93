using Refrag.Jobs;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>Asks, before a launch, whether a host behind its queue can run the job at all.</summary>
public interface IHostCheck
{
    /// <summary>Why none can; empty if one can, or if that is not known.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="plan">Its requests.</param>
    /// <param name="target">The queue and the definition, as Batch gave them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Problem>> CheckAsync(JobSpec spec, LaunchPlan plan, CheckedTarget target, CancellationToken cancellationToken);
}

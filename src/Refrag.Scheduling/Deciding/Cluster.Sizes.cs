using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Deciding;

/// <content>How much waits, and how large the fleets are: what scales environments decides by it.</content>
public sealed partial class Cluster
{
    /// <summary>
    /// How many jobs of a queue wait, and when the oldest of them was submitted; null if none waits. Throws
    /// <see cref="KeyNotFoundException"/> if there is no such queue.
    /// </summary>
    public (int Jobs, DateTimeOffset? Oldest) DepthOf(string queue)
    {
        QueueState state = _queues[queue];
        return (state.Waiting, state.Shares.Select(share => share.OldestSubmission).Min());
    }

    /// <summary>
    /// An environment as it is set now, and the vCPUs of its instances, starting ones too. Throws <see cref="KeyNotFoundException"/> if
    /// there is no such environment.
    /// </summary>
    public (ComputeEnvironment Model, int VCpus) SizeOf(string environment)
    {
        EnvironmentState state = _environments[environment];
        return (state.Model, (int)(state.TotalMilliVCpus / 1000));
    }
}

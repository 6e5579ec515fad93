using Refrag.Jobs;

namespace Refrag.Reactions;

/// <summary>Where jobs are that may be moved, among the queues that an environment names.</summary>
public static class FollowedQueues
{
    /// <summary>
    /// Each once, in a fixed order. The on-demand queues are among them where jobs may go to another region: with <c>env.spot=never</c>
    /// they begin there. Else nothing leaves an on-demand queue.
    /// </summary>
    /// <param name="spec">What the environment describes.</param>
    public static IReadOnlyList<string> Of(JobSpec spec)
    {
        (NameChoice plain, CapacityChoice capacity) = (spec.Queues, spec.Capacity);
        string?[] all =
        [
            plain.Cpu, plain.Gpu, plain.Manual, capacity.High.Cpu, capacity.High.Gpu, capacity.Low.Cpu, capacity.Low.Gpu,
        ];
        string?[] onDemand = [capacity.OnDemand.Cpu, capacity.OnDemand.Gpu];
        IEnumerable<string?> followed = spec.Regions is null ? all.Except(onDemand) : all.Union(onDemand);
        return [.. followed.OfType<string>().Where(name => name.Length > 0)];
    }
}

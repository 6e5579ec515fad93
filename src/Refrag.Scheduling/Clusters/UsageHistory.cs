using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Clusters;

/// <summary>vCPUs that a share used for a time that is over.</summary>
/// <param name="Share">The share identifier.</param>
/// <param name="MilliVCpus">How much, in thousandths of vCPUs.</param>
/// <param name="From">Since when.</param>
/// <param name="To">Until when; at or after <paramref name="From"/>.</param>
public readonly record struct PastUse(string Share, long MilliVCpus, DateTimeOffset From, DateTimeOffset To);

/// <summary>What shares have used, worked out again from what ran: after a restart nobody remembers the means themselves.</summary>
public static class UsageHistory
{
    // After 25 times the decay a vCPU counts for less than one part in ten thousand million.
    private const int Memory = 25;

    /// <summary>How far back a use matters.</summary>
    public static TimeSpan Window(FairSharePolicy policy) => policy.DecayTime * Memory;

    /// <summary>The shares of one queue with their means at <paramref name="now"/>. What still runs is given until now, and is not taken for an end.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="policy">Its policy.</param>
    /// <param name="past">What was used, in any order.</param>
    /// <param name="now">The time of the restart.</param>
    public static IReadOnlyList<ShareSnapshot> Shares(string queue, FairSharePolicy policy, IEnumerable<PastUse> past, DateTimeOffset now)
    {
        var decay = new Decay(policy.DecayMilliseconds);
        // A sum depends on its order in the last bit; replays must be identical.
        return
        [
            .. past.Where(use => use.From < now && use.To > now - Window(policy)).GroupBy(use => use.Share, StringComparer.Ordinal).OrderBy(share => share.Key, StringComparer.Ordinal)
                .Select(share => new ShareSnapshot(
                    queue, share.Key, share.OrderBy(use => use.From).ThenBy(use => use.To).ThenBy(use => use.MilliVCpus).Sum(Weighed), now,
                    share.Where(use => use.To < now).Select(use => (DateTimeOffset?)use.To).Max())),
        ];

        // The mean of a constant use from then to then, as Share counts it.
        double Weighed(PastUse use) => use.MilliVCpus * (decay.Left(Milliseconds(use.To < now ? now - use.To : TimeSpan.Zero)) - decay.Left(Milliseconds(now - use.From)));
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

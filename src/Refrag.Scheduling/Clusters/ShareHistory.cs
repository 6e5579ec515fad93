using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Clusters;

/// <summary>
/// What the shares of a queue have used, from a record of what ran: for a scheduler that starts anew where another one was before.
/// </summary>
public static class ShareHistory
{
    // What ended longer ago counts for less than a ten-thousandth of what it was.
    private const int DecaysThatCount = 10;

    /// <summary>How far back a record must reach.</summary>
    public static TimeSpan Reach(FairSharePolicy policy) => TimeSpan.FromMilliseconds(policy.DecayMilliseconds * DecaysThatCount);

    /// <summary>The shares as they stand now, in the order of their identifiers.</summary>
    /// <param name="queue">The queue's name.</param>
    /// <param name="policy">Its policy.</param>
    /// <param name="runs">What ran, in any order.</param>
    /// <param name="now">Now.</param>
    public static IReadOnlyList<ShareSnapshot> Of(string queue, FairSharePolicy policy, IEnumerable<PastRun> runs, DateTimeOffset now)
    {
        var decay = new Decay(policy.DecayMilliseconds);
        return
        [
            .. runs.GroupBy(run => run.Share, StringComparer.Ordinal).OrderBy(share => share.Key, StringComparer.Ordinal)
                .Select(share =>
                new ShareSnapshot(queue, share.Key, share.Sum(run => Part(run, decay, now)), now, share.Max(run => run.Stop))),
        ];
    }

    // The mean fades by itself, so that each run adds what it would have come to alone.
    private static double Part(PastRun run, Decay decay, DateTimeOffset now) =>
        run.MilliVCpus * (Left(decay, now, run.Stop ?? now) - Left(decay, now, run.Start));

    private static double Left(Decay decay, DateTimeOffset now, DateTimeOffset at) =>
        decay.Left(Math.Max(0, now.ToUnixTimeMilliseconds() - at.ToUnixTimeMilliseconds()));
}

/// <summary>One attempt of a job.</summary>
/// <param name="Share">The job's share identifier.</param>
/// <param name="MilliVCpus">What it had, in thousandths of vCPUs, all nodes together.</param>
/// <param name="Start">From when.</param>
/// <param name="Stop">Until when; null while it runs.</param>
public readonly record struct PastRun(string Share, long MilliVCpus, DateTimeOffset Start, DateTimeOffset? Stop);

using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.State;
using Refrag.Engine.Store;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>What fair-share queues have used before the engine started, from the attempts in its state.</summary>
internal static class FairShareStart
{
    // A busy queue's latest; what came before them has faded, or is little beside them.
    private const int MostSubmissions = 100_000;

    /// <summary>The shares of a queue.</summary>
    public static IReadOnlyList<ShareSnapshot> Shares(EngineState state, string queue, FairSharePolicy policy, DateTimeOffset now)
    {
        long since = now.Minus(ShareHistory.Reach(policy)).ToUnixTimeMilliseconds();
        var query = new EndedQuery { Queue = queue, Kind = JobKind.Job, EndedAfter = since, LatestFirst = true, Most = MostSubmissions };
        IEnumerable<Job> ended = state.Store.Ended(query).SelectMany(job => job.IsArrayParent ? state.Store.Children(job.Id, 0) : [job]);
        // With an array that lives its children count, those that have ended too.
        IEnumerable<Job> alive = state.Jobs.Alive
            .Where(job => job.ArrayId is null && job.Plan.Queue == queue && job.Plan.Kind is JobKind.Job)
            .SelectMany(job => job.IsArrayParent ? state.Jobs.Children(job) : [job]);
        return ShareHistory.Of(queue, policy, alive.Concat(ended).SelectMany(Runs), now);
    }

    private static IEnumerable<PastRun> Runs(Job job)
    {
        Requirement needs = FleetModel.Request(job).Requirement;
        long vCpus = needs.Amount.MilliVCpus * (long)needs.Nodes;
        string share = job.Plan.ShareIdentifier ?? "";
        foreach (AttemptDetail attempt in job.Attempts)
        {
            if (attempt is { StartedAt: { } start, StoppedAt: { } stop }) yield return new PastRun(share, vCpus, Time(start), Time(stop));
        }
        if (job.State is JobState.Running && job.StartedAt is { } begun) yield return new PastRun(share, vCpus, Time(begun), null);
    }

    private static DateTimeOffset Time(long milliseconds) => SaturatingTime.FromUnixTime(milliseconds);
}

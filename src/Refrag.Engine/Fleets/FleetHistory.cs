using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Store;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;

namespace Refrag.Engine.Fleets;

/// <summary>What the shares of fair-share queues have used, out of the records of the attempts: an engine that starts again does not begin with shares that look idle.</summary>
internal static class FleetHistory
{
    // A start must not read through everything that ever ran; these are the latest submissions of a queue.
    private const int MostSubmissions = 10_000;

    /// <summary>The shares of all queues with fair share.</summary>
    public static IEnumerable<ShareSnapshot> Shares(EngineState state, IReadOnlyList<JobQueue> queues, IReadOnlyList<Job> alive, DateTimeOffset now)
    {
        ILookup<string, Job> byQueue = alive.ToLookup(job => job.Plan.Queue);
        return queues.Where(queue => queue.FairShare is not null).SelectMany(queue =>
        {
            long since = (now - UsageHistory.Window(queue.FairShare!)).ToUnixTimeMilliseconds();
            IEnumerable<Job> ended = state.Store.Ended(new EndedQuery { Queue = queue.Name, LatestFirst = true, Most = MostSubmissions }).Where(job => job.StoppedAt >= since);
            // The children of an array that lives are among the living, those that have ended too.
            IEnumerable<Job> known = byQueue[queue.Name].Concat(byQueue[queue.Name].Select(job => job.ArrayId).OfType<string>().Distinct().SelectMany(id => state.Store.Children(id, 0)))
                .Concat(ended.SelectMany(job => job.IsArrayParent ? state.Store.Children(job.Id, 0) : [job])).DistinctBy(job => job.Id);
            return UsageHistory.Shares(queue.Name, queue.FairShare!, known.SelectMany(job => Uses(job, now)), now);
        });
    }

    private static IEnumerable<PastUse> Uses(Job job, DateTimeOffset now)
    {
        JobRequest request = FleetModel.Request(job);
        long milliVCpus = (long)request.Requirement.Amount.MilliVCpus * request.Requirement.Nodes;
        foreach (AttemptDetail attempt in job.Attempts)
        {
            if (attempt is { StartedAt: { } from, StoppedAt: { } to }) yield return new PastUse(request.ShareIdentifier, milliVCpus, Time(from), Time(Math.Max(from, to)));
        }
        if (job is { State: JobState.Running, StartedAt: { } since }) yield return new PastUse(request.ShareIdentifier, milliVCpus, Time(since), now);
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// When a waiting job will start, asked of a cluster as it stood at one moment: it may change afterwards, and the answer may be worked out
/// on another thread. Futures that chance draws from what was seen are rehearsed, and the interval spans their starts. A further future,
/// the real one, falls below the earliest of n with the chance 1 in n + 1, and above the latest as well.
/// </summary>
public sealed class StartQuestion
{
    // 18 of 20: the level of the forecast.
    private const int Count = 19;

    // A rehearsal of more jobs gives a time too far away to be of use.
    private const int MostJobs = 5_000;
    private readonly string _jobId;
    private readonly Futures _futures;
    private readonly bool _isCut;

    internal StartQuestion(Cluster cluster, Job job, DateTimeOffset now)
    {
        // The core counts whole milliseconds.
        AskedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        _jobId = job.Request.Id;
        _futures = new Futures(cluster, job, AskedAt, Competing(cluster, job, AskedAt, out _isCut));
    }

    /// <summary>The moment that the question is about.</summary>
    public DateTimeOffset AskedAt { get; }

    /// <summary>
    /// The answer, the same each time; null if the job will not start as things stand. The cost follows the jobs that run and those that
    /// wait before it. For one thread at a time.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    public StartForecast? Answer(CancellationToken cancellationToken = default)
    {
        var starts = new List<TimeSpan?>(Count);
        for (int i = 0; i < Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            starts.Add(_futures.Start(_jobId, new Chance(Seed(_jobId, i)), cancellationToken));
        }
        TimeSpan[] known = [.. starts.OfType<TimeSpan>().Order()];
        if (known.Length == 0) return null;
        bool hasLatest = known.Length == Count && !_isCut;
        return new StartForecast(
            AskedAt + known[0],
            known.Length > Count / 2 && !_isCut ? AskedAt + known[Count / 2] : null,
            hasLatest ? AskedAt + known[^1] : null,
            [.. _futures.Assumptions(), .. _isCut ? [$"only {MostJobs:n0} of the jobs before it are counted"] : (string[])[]]);
    }

    /// <summary>The queues that share an environment with a job's, and that queue.</summary>
    internal static IEnumerable<QueueState> Neighbors(Cluster cluster, Job job) =>
        cluster.QueueOrder.Where(queue => queue.Environments.Intersect(job.Queue.Environments).Any());

    private static ulong Seed(string jobId, int future)
    {
        ulong hash = 14695981039346656037;
        foreach (char one in jobId) hash = (hash ^ one) * 1099511628211;
        return hash + (ulong)future;
    }

    // What runs, and what waits and may start before it: in its queue, and in others that share an environment with it.
    private static ClusterSnapshot Competing(Cluster cluster, Job job, DateTimeOffset now, out bool isCut)
    {
        isCut = false;
        long at = now.ToUnixTimeMilliseconds();
        HashSet<string> kept = [job.Request.Id];
        foreach (QueueState queue in Neighbors(cluster, job))
        {
            IEnumerable<Job> line = DispatchOrder.Of(queue, at).Take(MostJobs);
            // The order of shares changes with what they use.
            int before = kept.Count;
            foreach (Job one in queue.IsFair ? line : line.TakeWhile(one => one != job)) kept.Add(one.Request.Id);
            isCut |= kept.Count - before >= MostJobs;
        }
        return cluster.Snapshot(now, one => one.Status is SchedulingState.Placed || kept.Contains(one.Request.Id));
    }
}

using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scheduling.Explaining;

/// <summary>
/// When a job will start: the future is rehearsed twice, once with every job as short as those of its kind have been, once with every job
/// as long as it may be or those of its kind have been.
/// </summary>
internal static class Forecast
{
    // A rehearsal of more jobs gives a time too far away to be of use.
    private const int MostJobs = 10_000;
    private static readonly TimeSpan s_horizon = TimeSpan.FromDays(30);
    private static readonly TimeSpan s_forever = TimeSpan.FromDays(3650);

    public static StartForecast? Of(Cluster cluster, Job job, DateTimeOffset now)
    {
        ClusterSnapshot snapshot = Ahead(cluster, job, now);
        bool isUnlimited = false;
        TimeSpan? earliest = Rehearse(cluster, snapshot, job, now, request => Shortest(cluster, request));
        if (earliest is null) return null;
        TimeSpan? latest = Rehearse(cluster, snapshot, job, now, request => Longest(cluster, request, ref isUnlimited));
        List<string> assumptions =
        [
            "no jobs are submitted before it",
            $"an instance takes {(int)new Scenario().StartUp.TotalSeconds} seconds to start",
            "earliest: jobs end as soon as the shortest of the last ones of their kind did, or at once where none of their kind has "
                + "ended yet",
            "latest: jobs run as long as the longest of the last ones of their kind, or to their timeout where none has ended yet",
        ];
        if (latest is null && isUnlimited)
            assumptions.Add("there is no latest time: a job before it has neither a timeout nor one of its kind that ended");
        return new StartForecast(now + earliest.Value, latest is { } time ? now + time : null, assumptions);
    }

    private static TimeSpan Shortest(Cluster cluster, JobRequest request) =>
        cluster.Durations.Of(request) is { } past ? TimeSpan.FromMilliseconds(past.Shortest) : TimeSpan.Zero;

    private static TimeSpan Longest(Cluster cluster, JobRequest request, ref bool isUnlimited)
    {
        if (cluster.Durations.Of(request) is { } past) return TimeSpan.FromMilliseconds(past.Longest);
        if (request.Timeout is { } timeout) return timeout;
        isUnlimited = true;
        return s_forever;
    }

    private delegate TimeSpan Guess(JobRequest request);

    private static TimeSpan? Rehearse(Cluster cluster, ClusterSnapshot snapshot, Job job, DateTimeOffset now, Guess guess)
    {
        Cluster copy = Cluster.From(snapshot, now, cluster.Catalogue, cluster.Prices);
        copy.CopyScarcity(cluster);
        TimeSpan? started = null;
        using var stop = new CancellationTokenSource();
        var simulator = new Simulator(copy, now, null, one =>
        {
            if (one.Kind is not SimulationEventKind.Started || one.JobId != job.Request.Id) return;
            started = TimeSpan.FromMilliseconds(one.At);
            stop.Cancel();
        });
        foreach (JobSnapshot one in snapshot.Jobs)
            simulator.Adopt(new SimulatedJob(one.Request with { Timeout = null }, guess(one.Request)), one.PlacedAt);
        foreach (InstanceSnapshot starting in snapshot.Instances.Where(instance => instance.IsStarting)) simulator.Adopt(starting.Key);
        simulator.Run([], s_horizon, stop.Token);
        return started;
    }

    // What runs, and what waits before it: in its queue, and in others that share an environment with it.
    private static ClusterSnapshot Ahead(Cluster cluster, Job job, DateTimeOffset now)
    {
        long at = now.ToUnixTimeMilliseconds();
        HashSet<string> kept = [job.Request.Id];
        foreach (QueueState queue in cluster.QueueOrder.Where(queue => queue.Environments.Intersect(job.Queue.Environments).Any()))
        {
            foreach (Job one in DispatchOrder.Of(queue, at).Take(MostJobs).TakeWhile(one => one != job)) kept.Add(one.Request.Id);
        }
        ClusterSnapshot snapshot = cluster.Snapshot(now);
        return snapshot with { Jobs = [.. snapshot.Jobs.Where(one => one.Environment is not null || kept.Contains(one.Request.Id))] };
    }
}

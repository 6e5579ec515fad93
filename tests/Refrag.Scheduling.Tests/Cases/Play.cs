using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Cases;

/// <summary>Plays steps on a cluster and reports what came of them in short words.</summary>
internal static class Play
{
    public static Cluster Jobs(this Cluster cluster, params JobRequest[] jobs)
    {
        foreach (JobRequest job in jobs) cluster.AddJob(job, job.SubmittedAt);
        return cluster;
    }

    public static Cluster Host(this Cluster cluster, Amount capacity, string environment = "ce")
    {
        cluster.AddInstance(environment, capacity, Start);
        return cluster;
    }

    /// <summary>Launches, lets everything come up, and forgets the plans.</summary>
    public static Cluster Ready(this Cluster cluster, double at = 0)
    {
        cluster.Decide(At(at));
        return cluster.Up(at);
    }

    public static Cluster Up(this Cluster cluster, double at = 0)
    {
        foreach (InstanceSnapshot one in cluster.Snapshot(At(at)).Instances.Where(one => one.IsStarting))
            cluster.InstanceUp(one.Key, At(at));
        return cluster;
    }

    /// <summary>All launches that are under way fail for want of capacity.</summary>
    public static Cluster Refuse(this Cluster cluster, double at = 0)
    {
        foreach (InstanceSnapshot one in cluster.Snapshot(At(at)).Instances.Where(one => one.IsStarting))
            cluster.LaunchFailed(one.Key, isCapacity: true, At(at));
        return cluster;
    }

    public static Cluster End(this Cluster cluster, string job, double at = 0)
    {
        cluster.RemoveJob(job, At(at));
        return cluster;
    }

    public static string Starts(this Cluster cluster, double at = 0) =>
        string.Join(' ', cluster.Decide(At(at)).Placements.Select(one => $"{one.JobId}@{one.Environment}"));

    public static string Launches(this Cluster cluster, double at = 0) => string.Join(
        ' ', cluster.Decide(At(at)).Launches
            .GroupBy(one => $"{one.Type}@{one.Environment}").Select(group => $"{group.Count()}x{group.Key}"));

    public static string Terminates(this Cluster cluster, double at) =>
        $"{cluster.Decide(At(at)).Terminations.Count} go, {cluster.Instances} stay";

    public static string Blocks(this Cluster cluster, double at = 0) =>
        string.Join('|', cluster.Decide(At(at)).Blocks.Select(one => $"{one.JobId}: {one.Reason ?? "none"}"));

    public static string Cancels(this Cluster cluster, double at) =>
        string.Join('|', cluster.Decide(At(at)).Cancellations.Select(one => $"{one.JobId}: {one.Reason}"));

    /// <summary>Where jobs start once all that is launched for them is up.</summary>
    public static string StartsWhenUp(this Cluster cluster, double at = 0)
    {
        string first = cluster.Starts(at);
        return $"{first} {cluster.Up(at).Starts(at)}".Trim();
    }
}

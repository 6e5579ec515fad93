using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Deciding;

/// <summary>
/// Launches instances for the jobs that wait. Demand is counted by shape, and each launch is promised to the jobs it is for, so that a
/// later round launches only for what came since.
/// </summary>
internal static class ScaleOut
{
    public static void Run(Round round, QueueState queue)
    {
        bool all = queue.ScaleAll;
        queue.ScaleAll = false;
        // A head that can never run, or may not now, keeps those behind it waiting: instances for them would stand idle, go, and be
        // launched again.
        bool isStuck = queue.Cause is not (null or BlockedCause.InsufficientCapacity) || queue.IsHeldByReservation;
        if (!isStuck && queue.Head(round.Now) is { } head && queue.Environments.Any(env => env.Launches)) Cover(round, queue, head, all);
        queue.Unlist();
    }

    /// <summary>Brings an environment to its minimum, and a new one to what it is to start out with.</summary>
    public static void Fill(Round round, EnvironmentState environment)
    {
        long floor = Math.Max(environment.Model.MinVCpus, environment.InitialVCpus) * 1000L;
        if (environment.TotalMilliVCpus >= floor)
        {
            environment.InitialVCpus = 0;
            return;
        }
        while (environment.Launches && environment.TotalMilliVCpus < floor && !IsFull(round))
        {
            int missing = (int)((floor - environment.TotalMilliVCpus + 999) / 1000);
            long limit = environment.Model.MaxVCpus * 1000L;
            if (TypeChoice.Of(environment, environment.Types, limit, missing, type => type.Type.VCpus, round.Now) is not { } choice) return;
            round.Launch(environment, choice.Type, choice.Zone);
        }
    }

    private static void Cover(Round round, QueueState queue, Job head, bool all)
    {
        if (!CoverHead(round, queue, head.Shape)) return;
        IReadOnlyList<QueueDemand> demands = all ? queue.Demands : queue.Grown;
        for (int i = 0; i < demands.Count; i++)
        {
            QueueDemand demand = demands[i];
            // Instances for a multi-node job are launched when it is at the head; before, they would only stand idle.
            if (demand.Uncovered > 0 && demand.Shape.Nodes == 1) CoverJobs(round, queue, demand);
        }
    }

    private static bool CoverHead(Round round, QueueState queue, Shape shape)
    {
        if (shape.Nodes > 1) return CoverNodes(round, queue, shape);
        QueueDemand demand = queue.DemandOf(shape);
        return CoverJobs(round, queue, demand) || (Reservation.IsFree(queue) && CoverFirst(round, queue, demand));
    }

    // A job that is larger than what the reservation leaves runs where nothing else does: the whole maximum counts for it, and for one.
    private static bool CoverFirst(Round round, QueueState queue, QueueDemand demand)
    {
        foreach (EnvironmentState environment in queue.Environments)
        {
            if (!environment.Launches || environment.HostsOf(demand.Shape) is not { Length: > 0 } hosts) continue;
            long limit = Reservation.MaxMilliVCpus(environment);
            if (environment.MayCover(demand, limit) == 0) continue;
            if (IsFull(round))
            {
                queue.ScaleAll = true;
                return false;
            }
            Instance? instance = environment.FindStarting(demand.Shape.Amount);
            if (instance is null)
            {
                (FleetType Type, string Zone)? choice = TypeChoice.Of(
                    environment, hosts, limit, 1, type => demand.Shape.Amount.TimesIn(type.Usable), round.Now);
                if (choice is not { } chosen) continue;
                instance = round.Launch(environment, chosen.Type, chosen.Zone);
            }
            Cluster.Promise(instance, demand, 1);
            break;
        }
        return demand.Uncovered == 0;
    }

    private static bool CoverJobs(Round round, QueueState queue, QueueDemand demand)
    {
        foreach (EnvironmentState environment in queue.Environments)
        {
            if (demand.Uncovered == 0) return true;
            if (!environment.Launches || environment.HostsOf(demand.Shape) is not { Length: > 0 } hosts) continue;
            long limit = Reservation.Limit(queue, environment, round.Now);
            while (environment.MayCover(demand, limit) is > 0 and int jobs
                && environment.FindStarting(demand.Shape.Amount) is { } starting) Promise(starting, demand, jobs);
            while (environment.MayCover(demand, limit) is > 0 and int jobs)
            {
                if (IsFull(round))
                {
                    queue.ScaleAll = true;
                    return false;
                }
                (FleetType Type, string Zone)? choice = TypeChoice.Of(
                    environment, hosts, limit, jobs, type => demand.Shape.Amount.TimesIn(type.Usable), round.Now);
                if (choice is not { } chosen) break;
                Promise(round.Launch(environment, chosen.Type, chosen.Zone), demand, jobs);
            }
        }
        return demand.Uncovered == 0;
    }

    private static void Promise(Instance instance, QueueDemand demand, int jobs) =>
        Cluster.Promise(instance, demand, Math.Min(jobs, demand.Shape.Amount.TimesIn(instance.Unpromised)));

    private static bool CoverNodes(Round round, QueueState queue, Shape shape)
    {
        foreach (EnvironmentState environment in queue.Environments)
        {
            if (!environment.Launches || !environment.Model.TakesNodes) continue;
            // As for a job with one node.
            long limit = queue.RunningMilliVCpus == 0
                ? Reservation.MaxMilliVCpus(environment)
                : Reservation.Limit(queue, environment, round.Now);
            foreach (FleetType type in environment.HostsOf(shape))
            {
                int missing =
                    shape.Nodes - environment.Instances.Values.Count(one => one.Type?.Type.Name == type.Type.Name && one.Jobs.Count == 0);
                if (missing <= 0) return true;
                if (type.ZoneToTry(environment.Model.Zones, round.Now) is not { } zone) continue;
                if (environment.TotalMilliVCpus + (missing * type.Type.VCpus * 1000L) > limit) continue;
                for (int i = 0; i < missing; i++) round.Launch(environment, type, zone);
                return true;
            }
        }
        return false;
    }

    private static bool IsFull(Round round) => round.IsFull && (round.IsCutShort = true);
}

using Refrag.Scheduling.Blocking;
using Refrag.Scheduling.Clusters;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Explaining;

/// <summary>Explains why jobs wait.</summary>
public static class Explainer
{
    /// <summary>
    /// Explains a waiting job; null if there is no such job or it does not wait. Leaves the cluster as it is. The cost follows the jobs
    /// before it and those that run, not those behind it.
    /// </summary>
    public static WaitExplanation? Explain(this Cluster cluster, string jobId, DateTimeOffset now)
    {
        if (!cluster.JobsById.TryGetValue(jobId, out Job? job) || job.Status is not SchedulingState.Waiting) return null;
        long at = now.ToUnixTimeMilliseconds();
        (int position, Job head) = Position(job, at);
        (BlockedCause? cause, string? type) = job.Queue.IsHeldByReservation
            ? (null, null)
            : BlockedCauseFinder.Of(job.Queue, head.Shape, at);
        return new WaitExplanation
        {
            JobId = jobId,
            Queue = job.Queue.Model.Name,
            Position = position,
            Head = head.Request.Id,
            Needs = job.Request.Requirement,
            Cause = cause,
            Reason = cause?.Reason(type),
            IsHeldByReservation = Reservation.Holds(job.Queue, head, at),
            Environments = [.. job.Queue.Environments.Select(
                environment => EnvironmentExplainer.Explain(cluster, environment, job.Shape, at))],
            Cures = [.. Cures.Find(cluster, job, head, now)],
            Expected = new StartQuestion(cluster, job, now).Answer(),
        };
    }

    /// <summary>
    /// Asks when a waiting job will start; null if there is no such job or it does not wait. Leaves the cluster as it is. The question
    /// takes a copy of what matters: its cost follows the jobs that run and wait before it.
    /// </summary>
    public static StartQuestion? AskForStart(this Cluster cluster, string jobId, DateTimeOffset now) =>
        cluster.JobsById.TryGetValue(jobId, out Job? job) && job.Status is SchedulingState.Waiting
            ? new StartQuestion(cluster, job, now)
            : null;

    /// <summary>When a waiting job is expected to start; null if there is none, or if it will not start as things stand.</summary>
    public static StartForecast? ForecastStart(this Cluster cluster, string jobId, DateTimeOffset now) =>
        cluster.AskForStart(jobId, now)?.Answer();

    private static (int Position, Job Head) Position(Job job, long now)
    {
        int position = 0;
        Job? head = null;
        foreach (Job one in DispatchOrder.Of(job.Queue, now))
        {
            head ??= one;
            position++;
            if (one == job) break;
        }
        return (position, head!);
    }
}

using Refrag.Jobs;
using Refrag.Scheduling.Queues;

namespace Refrag.Policies;

/// <summary>
/// One region after the other: a job that is blocked, or waits for too long, is ended where it is, and submitted to the next region once
/// its end is seen. What has started is never ended: Batch cancels only what waits (API CancelJob).
/// </summary>
public static class RegionPolicy
{
    /// <summary>Out of a region: the job waits there.</summary>
    public const string Leave = "leave-region";

    /// <summary>In the next region.</summary>
    public const string Enter = "enter-region";

    // It stands in the reason of the job's end, which the first request to cancel it sets: so whoever sees the end knows where it is to
    // go, and what a user has cancelled stays cancelled.
    private const string Words = "refrag moves it to ";

    // Batch says that a job needs more than its environments have also while its instance boots.
    private static readonly TimeSpan s_boot = TimeSpan.FromMinutes(15);

    /// <summary>What is to be done now; empty for nothing. The same arguments give the same actions.</summary>
    /// <param name="moves">What the job declares.</param>
    /// <param name="job">The job.</param>
    /// <param name="world">What is known beside it.</param>
    public static IReadOnlyList<PolicyAction> Decide(RegionMoves moves, JobObservation job, PolicyFacts world)
    {
        if (job.HasParts || job.MovedTo is not null || moves.Next.Count == 0) return [];
        int attempt = job.LostHosts.Count;
        if (job.LeavesFor is { } chosen)
        {
            // The one that it was cancelled for, if it still takes jobs.
            IEnumerable<string> order = moves.Next.Contains(chosen, StringComparer.Ordinal) ? [chosen, .. moves.Next] : moves.Next;
            if (First(order, world) is not { } region) return [Nowhere(job, attempt, Enter, moves)];
            return [new SubmitSuccessor(job.JobId, attempt, Enter, job.Queue, Attempts: null, Reclaimed(job))
            {
                Region = region,
                Reason = $"moved to {region}",
            }];
        }
        if (Why(moves, job, world) is not { } why) return [];
        return First(moves.Next, world) is { } next
            ? [new EndJob(job.JobId, attempt, Leave) { Region = next, Reason = $"{Words}{next}: {why}" }]
            : [Nowhere(job, attempt, Leave, moves)];
    }

    /// <summary>Whether anything is to be done with the job, if other regions take it.</summary>
    public static bool Concerns(RegionMoves moves, JobObservation job, DateTimeOffset now) =>
        Decide(moves, job, new PolicyFacts { Now = now }) is not [];

    /// <summary>The region that a job was cancelled for, by the reason of its end; null for any other reason.</summary>
    public static string? TargetOf(string? statusReason)
    {
        if (statusReason?.StartsWith(Words, StringComparison.Ordinal) != true) return null;
        int end = statusReason.IndexOf(':', Words.Length);
        return end < 0 ? null : statusReason[Words.Length..end];
    }

    /// <summary>Why a job has left its region, as it was cancelled; null if it was not cancelled for that.</summary>
    public static string? CauseOf(string? statusReason) =>
        TargetOf(statusReason) is { } region ? statusReason![(Words.Length + region.Length + 1)..].Trim() : null;

    private static string? Why(RegionMoves moves, JobObservation job, PolicyFacts world)
    {
        if (job.WaitsSince is not { } since) return null;
        TimeSpan waited = world.Now - since;
        if (job.BlockedBy is { } code && (code != BlockedCause.JobRequirement.Code() || waited >= s_boot))
            return $"blocked in {moves.Region} ({code})";
        return moves.Patience is { } patience && waited >= patience
            ? $"waited {Duration.Format(patience)} in {moves.Region}"
            : null;
    }

    // Of a region about which nothing is known it is assumed.
    private static string? First(IEnumerable<string> regions, PolicyFacts world) =>
        regions.FirstOrDefault(region => !world.RegionTakesJobs.TryGetValue(region, out bool takes) || takes);

    private static Warn Nowhere(JobObservation job, int attempt, string step, RegionMoves moves) =>
        new(job.JobId, attempt, step) { Reason = $"none of {string.Join(", ", moves.Next)} takes it" };

    private static int Reclaimed(JobObservation job) => job.ReclaimedBefore + job.LostHosts.Count(lost => lost);
}

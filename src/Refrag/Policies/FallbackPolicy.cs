using System.Globalization;

namespace Refrag.Policies;

/// <summary>
/// Spot first, then on demand: a job whose attempts have lost their hosts often enough is submitted to the on-demand queue. What failed by
/// itself, or was ended by a user, is never moved: on demand it would fail again and cost more.
/// </summary>
public static class FallbackPolicy
{
    /// <summary>On Spot again: attempts were used up by other faults than the loss of hosts.</summary>
    public const string SpotAgain = "spot-again";

    /// <summary>In the on-demand queue.</summary>
    public const string OnDemand = "on-demand";

    /// <summary>What is to be done now; empty for nothing. The same arguments give the same actions.</summary>
    /// <param name="policy">What the job declares.</param>
    /// <param name="job">The job.</param>
    /// <param name="world">What is known beside it.</param>
    public static IReadOnlyList<PolicyAction> Decide(JobPolicy policy, JobObservation job, PolicyFacts world)
    {
        if (!job.HasFailed || !job.EndedByHost || job.LostHosts is not [.., true]) return [];
        if (job.HasParts || job.MovedTo is not null) return [];
        string onDemand = JobObservation.ShortName(policy.OnDemandQueue);
        // The last step of the chain: what loses its host there is not moved any further.
        if (job.Queue == onDemand) return [];
        int reclaimed = job.ReclaimedBefore + job.LostHosts.Count(lost => lost);
        (string step, string queue, int attempts) = reclaimed < policy.SpotAttempts
            ? (SpotAgain, job.Queue, policy.SpotAttempts - reclaimed)
            : (OnDemand, policy.OnDemandQueue, policy.SpotAttempts);
        int attempt = job.LostHosts.Count;
        if (world.TakesJobs.TryGetValue(JobObservation.ShortName(queue), out bool takes) && !takes)
            return [new Warn(job.JobId, attempt, step) { Reason = $"job queue {queue} takes no jobs" }];
        return [new SubmitSuccessor(job.JobId, attempt, step, queue, attempts, reclaimed) { Reason = Reason(reclaimed, step) }];
    }

    /// <summary>Where the next step would go, whose queue must be known to decide; null if the job is not to be moved.</summary>
    public static string? NextQueue(JobPolicy policy, JobObservation job) =>
        Decide(policy, job, new PolicyFacts()) is [SubmitSuccessor next] ? next.Queue : null;

    /// <summary>How often a chain was reclaimed, and where it went, for people.</summary>
    public static string Reason(int reclaimed, string step)
    {
        string times = reclaimed switch
        {
            1 => "once",
            2 => "twice",
            _ => string.Create(CultureInfo.InvariantCulture, $"{reclaimed} times"),
        };
        return step == OnDemand ? $"reclaimed {times}, moved to on-demand" : $"reclaimed {times}, on Spot again";
    }
}

using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Policies;

namespace Refrag.Monitoring;

/// <summary>A job with those before it, which it repeats or succeeds, and those after it that it was moved to, the oldest first.</summary>
/// <param name="Jobs">The jobs that Batch knows; one alone for a job that was never repeated.</param>
/// <param name="Next">The id of a successor that Batch does not know, not yet or no longer; null if there is none.</param>
public sealed record JobChain(IReadOnlyList<JobDetail> Jobs, string? Next)
{
    // A chain of policies has eleven jobs at most; one that a user retries has more, and its beginning is of no interest.
    private const int Most = 20;

    /// <summary>How many attempts of the chain have lost their host.</summary>
    public int Reclaimed => Jobs.Sum(job => JobObservation.Of(job).LostHosts.Count(lost => lost));

    /// <summary>The chain in words; null for one job that has not been moved.</summary>
    public string? Text
    {
        get
        {
            if (Jobs.Count < 2 && Next is null) return null;
            string ids = string.Join(" → ", [.. Jobs.Select(job => job.JobId), .. Next is null ? (string[])[] : [Next]]);
            string[] left = [.. Jobs.Where(job => RegionPolicy.TargetOf(job.StatusReason) is not null).Select(job =>
                $"{RegionPolicy.CauseOf(job.StatusReason)}, moved to {RegionPolicy.TargetOf(job.StatusReason)}")];
            if (left.Length > 0) return $"{string.Join("; ", left)}: {ids}";
            if (Reclaimed == 0) return ids;
            bool isMoved = JobPolicy.Read(Jobs[0].Tags) is { } policy && AwsNames.Same(Jobs[^1].JobQueue, policy.OnDemandQueue);
            string step = isMoved ? FallbackPolicy.OnDemand : FallbackPolicy.SpotAgain;
            string what = Next is null || isMoved
                ? FallbackPolicy.Reason(Reclaimed, step)
                : string.Create(CultureInfo.InvariantCulture, $"reclaimed {Reclaimed} times, moved");
            return $"{what}: {ids}";
        }
    }

    /// <summary>Follows the tags of a job back and forth.</summary>
    /// <param name="batch">Where the job is.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="regions">The way to Batch in another region; null to follow the chain in one region alone.</param>
    public static async Task<JobChain> ReadAsync(
        IAwsTransport batch, JobDetail job, CancellationToken cancellationToken, Func<string, IAwsTransport>? regions = null)
    {
        LinkedList<JobDetail> jobs = new([job]);
        HashSet<string> seen = new(StringComparer.Ordinal) { job.JobId };
        while (jobs.Count < Most && jobs.First!.Value.Tags?.GetValueOrDefault(Resubmission.Tag) is { } before && seen.Add(before)
            && await FindAsync(In(jobs.First.Value, RegionMoves.MovedFromRegionTag), before, cancellationToken) is { } found)
            jobs.AddFirst(found);
        string? next = null;
        while (jobs.Count < 2 * Most
            && (next = jobs.Last!.Value.Tags?.GetValueOrDefault(JobPolicy.MovedToTag)) is not null && seen.Add(next)
            && await FindAsync(In(jobs.Last.Value, RegionMoves.MovedToRegionTag), next, cancellationToken) is { } found)
            jobs.AddLast(found);
        return new JobChain([.. jobs], next);

        // What stayed in a region of the chain is in the region of the one that names it.
        IAwsTransport In(JobDetail one, string tag) =>
            (one.Tags?.GetValueOrDefault(tag) ?? one.Tags?.GetValueOrDefault(RegionMoves.RegionTag)) is { } region && regions is not null
                ? regions(region)
                : batch;
    }

    private static async Task<JobDetail?> FindAsync(IAwsTransport batch, string id, CancellationToken cancellationToken)
    {
        DescribeJobsResponse answer =
            await batch.SendAsync(BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [id] }, cancellationToken);
        return answer.Jobs is [{ } job, ..] ? job : null;
    }
}

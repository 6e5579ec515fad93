using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Policies;

namespace Refrag.Cli.Connections;

/// <summary>The request that submits a job again as it was submitted.</summary>
internal static class RepeatedRequest
{
    /// <summary>
    /// Makes it; or the problems: RF8144, RF8147 and RF8184 where a policy has moved the job or will, so that a retry would run it twice.
    /// </summary>
    public static async Task<Result<SubmitJobRequest>> OfAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        if (job.Tags?.GetValueOrDefault(JobPolicy.MovedToTag) is { } successor) return Moved(job.JobId, successor);
        if (JobPolicy.Read(job.Tags) is { Claims: not null } policy
            && FallbackPolicy.NextQueue(policy, JobObservation.Of(job)) is { } queue)
            return ToBeMoved(job, queue);
        if (RegionMoves.Read(job.Tags) is { Claims: not null, Next.Count: > 0 } && RegionPolicy.TargetOf(job.StatusReason) is { } region)
            return ToLeave(job, region);
        if (!JobStates.IsFinished(job.Status))
            session.Terminal.Note($"{job.JobId} has not ended: it is {job.Status}. The new job runs beside it.");
        return Resubmission.Of(job, await SucceededAsync(session, job, cancellationToken),
            await DescribedAsync(session, Resubmission.FirstNodes(job), cancellationToken));
    }

    private static async Task<HashSet<string>> SucceededAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobDetail> dependencies =
            await DescribedAsync(session, [.. (job.DependsOn ?? []).Select(d => d.JobId).OfType<string>()], cancellationToken);
        return [.. dependencies.Where(one => one.Status == JobStatus.Succeeded).Select(one => one.JobId)];
    }

    private static async Task<IReadOnlyList<JobDetail>> DescribedAsync(
        QuerySession session, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        List<JobDetail> found = [];
        await foreach (JobDetail one in new JobLister(session.Batch).DescribeAsync(ids, cancellationToken)) found.Add(one);
        return found;
    }

    private static Problem Moved(string job, string successor) => new()
    {
        Code = "RF8144",
        What = $"Job {job} was moved: {successor} runs in its place",
        Cure = $"Look at that one: `refrag job {successor}`. If it has ended too: `refrag retry {successor}`.",
    };

    // Whoever repeats it by hand and whoever moves it would both submit it.
    private static Problem ToLeave(JobDetail job, string region) => new()
    {
        Code = "RF8184",
        What = $"Job {job.JobId} was cancelled to be moved to {region}: a retry would run it twice",
        Cure = MoveNow(job),
    };

    private static Problem ToBeMoved(JobDetail job, string queue) => new()
    {
        Code = "RF8147",
        What = $"Job {job.JobId} has lost its host, and its policy moves it to {queue}: a retry would run it twice",
        Cure = MoveNow(job),
    };

    // Its queue, which the environment may not name, and its region, if that was chosen.
    private static string MoveNow(JobDetail job)
    {
        string region = RegionMoves.Read(job.Tags) is { } moves ? $" env.region={moves.Region}" : "";
        return $"`refrag react --once {AwsNames.Short(job.JobQueue)}{region}` moves it now, with `--since 30d` if it ended more than a day "
            + "ago.";
    }
}

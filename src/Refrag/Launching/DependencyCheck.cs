using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Policies;

namespace Refrag.Launching;

/// <summary>
/// Whether a job may wait for others in Batch. Batch fails what depends on a job that has failed (UG job_dependencies), and a job that
/// loses its last Spot host fails before its successor begins.
/// </summary>
internal static class DependencyCheck
{
    /// <summary>A problem for each job that may be moved, or was; empty for none.</summary>
    public static async Task<IReadOnlyList<Problem>> CheckAsync(
        IAwsTransport transport, JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.DependsOn.Count == 0) return [];
        List<Problem> problems = [];
        foreach (JobDetail job in await DescribedAsync(transport, spec, cancellationToken))
        {
            if (job.Status == JobStatus.Succeeded) continue;
            string? successor = job.Tags?.GetValueOrDefault(JobPolicy.MovedToTag);
            // What is cancelled here to go to another region fails here. One whose end was asked for by others stays ended.
            if (RegionMoves.Read(job.Tags) is { Next.Count: > 0, Claims: not null }
                && (job.Status != JobStatus.Failed || RegionPolicy.TargetOf(job.StatusReason) is not null))
            {
                problems.Add(InRegions(spec, job.JobId));
                continue;
            }
            if (JobPolicy.Read(job.Tags) is not { } policy) continue;
            // In the on-demand queue the chain has come to its end.
            bool mayMove = job.Status == JobStatus.Failed
                ? FallbackPolicy.NextQueue(policy, JobObservation.Of(job)) is not null
                : !AwsNames.Same(job.JobQueue, policy.OnDemandQueue);
            if (mayMove || successor is not null) problems.Add(Refused(spec, job.JobId, successor));
        }
        return problems;
    }

    // Whoever may submit and not describe jobs could name dependencies before there were policies, and still may.
    private static async Task<IReadOnlyList<JobDetail>> DescribedAsync(
        IAwsTransport transport, JobSpec spec, CancellationToken cancellationToken)
    {
        List<JobDetail> jobs = [];
        try
        {
            await foreach (JobDetail job in new JobLister(transport).DescribeAsync(spec.DependsOn, cancellationToken)) jobs.Add(job);
        }
        catch (AwsServiceException refused) when (refused.ErrorCode is "AccessDeniedException" or "AccessDenied")
        {
            // Nothing is known of them.
        }
        return jobs;
    }

    private static Problem InRegions(JobSpec spec, string job) => new()
    {
        Code = "RF8182",
        What = $"Job {job} may be moved to another region, and this job cannot wait for it in Batch",
        Cause = "Batch knows only the jobs of its own region, and fails what depends on a job that is cancelled to be moved",
        Cure = "Wait for it first: `refrag wait` with its id; or submit it for one region: env.region=REGION env.regions=null.",
        Place = spec.Places.Of("env.depends_on"),
    };

    private static Problem Refused(JobSpec spec, string job, string? successor) => new()
    {
        Code = "RF8138",
        What = successor is null
            ? $"Job {job} may be moved to the on-demand queue, and this job cannot wait for it in Batch"
            : $"Job {job} was moved, and this job cannot wait for it any more: its successor is {successor}",
        Cause = "Batch fails what depends on a job that has lost its last Spot host, before the successor of that job begins",
        Cure = successor is null
            ? "Add --watch to a single job: it is then submitted when the other has succeeded. Or submit the other with env.spot=only "
                + "or env.spot=never."
            : $"Name the successor: env.depends_on=[{successor}].",
        Place = spec.Places.Of("env.depends_on"),
    };
}

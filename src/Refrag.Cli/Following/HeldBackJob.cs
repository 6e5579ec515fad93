using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Claims;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;

namespace Refrag.Cli.Following;

/// <summary>
/// Holds a job back until those that it depends on, and that may be moved, have come to the end of their chains: Batch would fail it
/// with the first job of a chain.
/// </summary>
internal sealed class HeldBackJob(CliContext context, IAwsTransport batch)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    // A host that moves jobs looks every few seconds, and another one takes over after a lease.
    private static readonly TimeSpan s_patience = 3 * ClaimBook.UsualLease;

    /// <summary>
    /// The job with the dependencies that are left to Batch; RF8145 if a chain has failed. Returns at once if no dependency may be moved.
    /// </summary>
    public async Task<Result<JobSpec>> WaitAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        List<string> left = [];
        List<Problem> problems = [];
        foreach (string id in spec.DependsOn)
        {
            JobDetail? end = await EndAsync(spec, id, cancellationToken);
            if (end is null) left.Add(id);
            else if (end.Status != JobStatus.Succeeded) problems.Add(Failed(spec, id, end));
        }
        return problems.Count > 0 ? Result<JobSpec>.Failure(problems) : spec with { DependsOn = left };
    }

    // The last job of a chain, as it ended; null if the first is not to be moved, or not known.
    private async Task<JobDetail?> EndAsync(JobSpec spec, string id, CancellationToken cancellationToken)
    {
        string? said = null;
        DateTimeOffset? lost = null;
        while (true)
        {
            JobDetail? job = await new JobHandle(batch, context.Time, id, id).DescribeAsync(cancellationToken);
            if (job is null || JobPolicy.Read(job.Tags) is not { } policy) return null;
            JobObservation seen = JobObservation.Of(job);
            if (seen.MovedTo is { } successor)
            {
                (id, lost) = (successor, null);
                continue;
            }
            if (JobStates.IsFinished(job.Status))
            {
                // One that has lost its last host has a successor soon, if there is a host that moves it. What a sweep moves only the sweep
                // knows.
                if (FallbackPolicy.NextQueue(policy, seen) is null || policy.Claims is null) return job;
                lost ??= context.Time.GetUtcNow();
                if (context.Time.GetUtcNow() - lost > s_patience) return job;
            }
            if (said != id) context.Terminal.Note($"{spec.Name}: held back until {job.JobName} {id} has succeeded.");
            said = id;
            await Task.Delay(s_pause, context.Time, cancellationToken);
        }
    }

    private static Problem Failed(JobSpec spec, string id, JobDetail end) => new()
    {
        Code = "RF8145",
        What = $"Job {id}, which {spec.Name} depends on, ended as {end.Status}"
            + (end.JobId == id ? "" : $": its successor {end.JobId} did"),
        Cause = end.StatusReason,
        Cure = $"Look why: `refrag why {end.JobId}`. Submit it again, and this job with the new id.",
        Place = spec.Places.Of("env.depends_on"),
    };
}

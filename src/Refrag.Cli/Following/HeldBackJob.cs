using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Policies;
using Refrag.Reactions;

namespace Refrag.Cli.Following;

/// <summary>
/// Holds a job back until those that it depends on, and that may be moved, have come to the end of their chains: Batch would fail it
/// with the first job of a chain.
/// </summary>
internal sealed class HeldBackJob(CliContext context, IAwsTransport batch, Func<string, IAwsTransport> regions)
{
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
        ChainFollower chain = new(batch, regions, context.Time, id);
        while (true)
        {
            JobDetail? job = await chain.ReadAsync(cancellationToken);
            if (job is null || JobPolicy.Read(job.Tags) is null) return null;
            if (!chain.IsOpen(job)) return job;
            if (said != chain.Id) context.Terminal.Note($"{spec.Name}: held back until {job.JobName} {chain.Id} has succeeded.");
            said = chain.Id;
            await Task.Delay(ChainFollower.Pause, context.Time, cancellationToken);
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

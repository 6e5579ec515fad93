using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>The two ways in which Batch ends a job early.</summary>
public enum EndAction
{
    /// <summary>CancelJob: only jobs that have not started.</summary>
    Cancel,

    /// <summary>TerminateJob: any job; one that runs is stopped and becomes FAILED.</summary>
    Terminate,
}

/// <summary>What would be ended, and what not and why.</summary>
/// <param name="Ending">How.</param>
/// <param name="Jobs">The jobs that will be ended.</param>
/// <param name="Left">The jobs that stay as they are, each with the reason.</param>
public sealed record EndingPlan(EndAction Ending, IReadOnlyList<EndingJob> Jobs, IReadOnlyList<(EndingJob Job, string Reason)> Left)
{
    /// <summary>
    /// Decides for each job. CancelJob answers success for a started job and does nothing, so that is said instead. (API CancelJob)
    /// </summary>
    public static EndingPlan For(EndAction ending, IEnumerable<EndingJob> jobs)
    {
        List<EndingJob> take = [];
        List<(EndingJob, string)> left = [];
        foreach (EndingJob job in jobs.DistinctBy(j => j.Id, StringComparer.Ordinal))
        {
            if (job.Status is JobStatus.Succeeded or JobStatus.Failed) left.Add((job, $"it has ended: {job.Status}"));
            else if (ending == EndAction.Cancel && job.Status is JobStatus.Starting or JobStatus.Running)
                left.Add((job, $"it is {job.Status}, and cancelling does nothing then: use refrag terminate"));
            else take.Add(job);
        }
        return new EndingPlan(ending, take, left);
    }

    /// <summary>
    /// Carries the plan out, one request a job. Those that failed come back with their failure; the others were accepted. A failure that is
    /// no answer of Batch's, as of the network or the credentials, ends it: those after it come back as not sent.
    /// </summary>
    /// <param name="transport">Where.</param>
    /// <param name="reason">Why; Batch keeps it with the job.</param>
    /// <param name="done">Gets each job that was accepted.</param>
    /// <param name="cancellationToken">Stops between two jobs.</param>
    public async Task<IReadOnlyList<(EndingJob Job, Problem Problem)>> CarryOutAsync(
        IAwsTransport transport, string reason, IProgress<EndingJob>? done, CancellationToken cancellationToken)
    {
        List<(EndingJob, Problem)> failed = [];
        AwsException? end = null;
        foreach (EndingJob job in Jobs)
        {
            if (end is not null)
            {
                failed.Add((job, NotSent(end.Problem)));
                continue;
            }
            try
            {
                if (Ending == EndAction.Cancel)
                    await transport.SendAsync(
                        BatchOperations.CancelJob, new CancelJobRequest { JobId = job.Id, Reason = reason }, cancellationToken);
                else
                    await transport.SendAsync(
                        BatchOperations.TerminateJob, new TerminateJobRequest { JobId = job.Id, Reason = reason }, cancellationToken);
                done?.Report(job);
            }
            catch (AwsException failure)
            {
                failed.Add((job, failure.Problem));
                if (failure is not AwsServiceException) end = failure;
            }
        }
        return failed;
    }

    /// <summary>Of a request that was not sent, because one before it met a failure that is no answer of Batch's.</summary>
    /// <param name="before">That failure.</param>
    public static Problem NotSent(Problem before) => before with
    {
        What = "it was not sent after a request before it failed",
        Cause = before.What,
        Cure = "Mend what the request before it names, and send this one again.",
    };
}

/// <summary>A job that is to be ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its state when it was read.</param>
public sealed record EndingJob(string Id, string Name, string Status);

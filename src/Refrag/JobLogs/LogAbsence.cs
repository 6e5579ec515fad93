using Refrag.Aws.Batch;

namespace Refrag.JobLogs;

/// <summary>Why a job has no log.</summary>
public static class LogAbsence
{
    /// <summary>The reason in one sentence, from what Batch says of the job or of a part of it.</summary>
    /// <param name="job">The job or the part.</param>
    /// <param name="missing">Whether Batch names a stream that CloudWatch Logs does not have.</param>
    public static string Explain(JobDetail job, bool missing)
    {
        if (!JobStreams.AreKept(job))
            return $"Its log driver is {job.Container!.LogConfiguration!.LogDriver}, so its output is not in CloudWatch Logs.";
        string reason = job.Container?.Reason ?? job.StatusReason ?? "no reason given";
        return job.Status switch
        {
            JobStatus.Submitted or JobStatus.Pending or JobStatus.Runnable =>
                $"There is no log yet: the job is {job.Status} and has not started. `refrag why {job.JobId}` says what it waits for.",
            JobStatus.Starting => "There is no log yet: the job is STARTING; its host is found and its image is being pulled.",
            JobStatus.Running => "There is no log yet: the job runs and has printed nothing so far; lines take a few seconds to arrive.",
            JobStatus.Failed when JobStreams.Of(job).Count == 0 =>
                $"There is no log: the container never started ({reason}). `refrag why {job.JobId}` says more.",
            _ when missing => $"There is no log: the job printed nothing, or log group {Group(job)} has lost it (look at its retention).",
            _ => "The log is empty: the job printed nothing.",
        };
    }

    private static string Group(JobDetail job) => JobStreams.Of(job) is [{ } stream, ..] ? stream.Group : JobStreams.DefaultGroup;
}

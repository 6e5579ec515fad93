using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>Reports a job that was submitted again.</summary>
internal static class RetryReport
{
    /// <summary>Prints it.</summary>
    /// <param name="session">Where.</param>
    /// <param name="submitted">The new job.</param>
    /// <param name="old">The job that it repeats.</param>
    /// <param name="submitter">Who submitted it.</param>
    /// <param name="toError">Whether the sentence goes to standard error, because the job's own output follows on the other.</param>
    public static void Print(QuerySession session, SubmissionOutcome.Submitted submitted, JobDetail old, Submitter submitter, bool toError)
    {
        string sentence = $"Submitted {submitted.JobName} again: {submitted.JobId}";
        if (session.Json) session.Terminal.Output(Json(submitted, old, submitter));
        else if (toError) session.Terminal.Note(sentence);
        else session.Terminal.Output(sentence);
    }

    private static string Json(SubmissionOutcome.Submitted submitted, JobDetail old, Submitter submitter)
    {
        var repeated = new RepeatedJob
        {
            JobId = submitted.JobId,
            JobName = submitted.JobName,
            RetryOf = old.JobId,
            SubmissionId = submitter.Id.Value,
        };
        return JsonOutput.Line(repeated, JobsJson.Default.RepeatedJob);
    }
}

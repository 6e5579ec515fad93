using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Running;
using Refrag.Cli.Seeing;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Submission;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag retry ID</c>: the same request again, linked by a tag.</summary>
internal static class RetryVerb
{
    public static Command Create(CliContext context)
    {
        SeeOptions options = new("Ids of jobs");
        Option<bool> dryRun = new("--dry-run") { Description = "Print the request as JSON and send nothing." };
        Command verb = options.Verb("retry", $"Submit jobs again as they were submitted; the new job names the old one in its tag {Resubmission.Tag}.", dryRun);
        verb.SetAction((parsed, cancellationToken) => SeeSession.RunAsync(context, options, parsed, async session =>
        {
            if (session.IsLocal) return context.Refuse([NotHere()]);
            IReadOnlyList<string> ids = options.Plain(parsed);
            if (ids.Count == 0 && !JobIds.One(ids).TryGet(out _, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
            int exit = ExitCodes.Success;
            foreach (string id in ids)
            {
                int code = await RetryAsync(session, id, parsed.GetValue(dryRun), cancellationToken);
                if (exit == ExitCodes.Success) exit = code;
            }
            return exit;
        }));
        return verb;
    }

    // A local job lives in the refrag that runs it, and this one ends at once.
    private static Problem NotHere() => new()
    {
        Code = "RF5020",
        What = "A job of env=local is not repeated by `refrag retry`: nobody would run it after this command has ended",
        Cure = "Run it again with the same words: refrag run …",
    };

    private static async Task<int> RetryAsync(SeeSession session, string id, bool dryRun, CancellationToken cancellationToken)
    {
        if (await JobIds.FindAsync(session, id, cancellationToken) is not { } job) return ExitCodes.NothingFound;
        if (!JobStates.IsFinished(job.Status)) session.Terminal.Note($"{job.JobId} has not ended: it is {job.Status}. The new job runs beside it.");
        if (!Resubmission.Of(job, await SucceededAsync(session, job, cancellationToken)).TryGet(out SubmitJobRequest? request, out IReadOnlyList<Problem> problems))
            return session.Context.Refuse(problems);
        Submitter submitter = JobComposer.Submitter(session.Context);
        if (dryRun)
        {
            session.Terminal.Output(System.Text.Json.JsonSerializer.Serialize(JobSubmitter.WithId(request, submitter.Id), BatchOperations.SubmitJob.RequestJson));
            return ExitCodes.Success;
        }
        SubmissionOutcome outcome = await new JobSubmitter(session.Batch, session.Context.Time, progress: new SubmissionNotes(session.Terminal))
            .SubmitAsync(request, submitter.Id, cancellationToken);
        switch (outcome)
        {
            case SubmissionOutcome.Unknown unknown:
                session.Terminal.Problems([unknown.Problem]);
                return ExitCodes.Unknown;
            case SubmissionOutcome.NotSubmitted refused:
                throw refused.Failure;
        }
        var submitted = (SubmissionOutcome.Submitted)outcome;
        session.Terminal.Output(session.Json
            ? JsonOutput.Object(json =>
            {
                json.WriteString("jobId", submitted.JobId);
                json.WriteString("jobName", submitted.JobName);
                json.WriteString("retryOf", job.JobId);
                json.WriteString("submissionId", submitter.Id.Value);
            })
            : $"Submitted {submitted.JobName} again: {submitted.JobId}");
        return ExitCodes.Success;
    }

    private static async Task<HashSet<string>> SucceededAsync(SeeSession session, JobDetail job, CancellationToken cancellationToken)
    {
        HashSet<string> succeeded = new(StringComparer.Ordinal);
        string[] ids = [.. (job.DependsOn ?? []).Select(d => d.JobId).OfType<string>()];
        await foreach (JobDetail one in new JobLister(session.Batch).DescribeAsync(ids, cancellationToken))
        {
            if (one.Status == "SUCCEEDED") succeeded.Add(one.JobId);
        }
        return succeeded;
    }
}

using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag retry ID</c>: the same request again, linked by a tag.</summary>
internal static class RetryVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Ids of jobs", "job");
        Option<bool> dryRun = new("--dry-run") { Description = "Print the request as JSON and send nothing." };
        Option<bool> overBudget = BudgetGate.Option();
        Command verb =
            options.Verb("retry",
                "Submit jobs again as they were submitted.\n"
                + $"The new job names the old one in its tag {Resubmission.Tag}. With env=local it runs at once on this machine, and the "
                + "exit code is the job's.", dryRun, overBudget);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            IReadOnlyList<string> ids = options.Plain(parsed);
            if (ids.Count == 0 && !NamedJobs.One(ids).TryGet(out _, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
            int exit = ExitCodes.Success;
            BudgetGate gate =
                new(context, Configurations.Folders(context, options.FoldersOf(parsed)), parsed.GetValue(overBudget));
            foreach (string id in ids)
            {
                int code = await RetryAsync(session, id, parsed.GetValue(dryRun), gate, cancellationToken);
                if (exit == ExitCodes.Success) exit = code;
            }
            return exit;
        }));
        return verb;
    }

    private static async Task<int> RetryAsync(
        QuerySession session, string id, bool dryRun, BudgetGate gate, CancellationToken cancellationToken)
    {
        (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
        if (found is not { } job) return notFound;
        if (!(await RepeatedRequest.OfAsync(session, job, cancellationToken))
            .TryGet(out SubmitJobRequest? request, out IReadOnlyList<Problem> problems))
            return session.Context.Refuse(problems);
        Submitter submitter = JobComposer.Submitter(session.Context);
        if (dryRun)
        {
            RetryDryRun.Print(session.Terminal, request, submitter);
            return ExitCodes.Success;
        }
        if ((problems = await gate.CheckAsync(session, job, cancellationToken)).Count > 0) return session.Context.RefuseToSend(problems);
        if (session.IsLocal) return await new LocalRetry(session).RunAsync(job, request, submitter, cancellationToken);
        SubmissionOutcome outcome =
            await new JobSubmitter(session.Batch, session.Context.Time, progress: new SubmissionNotes(session.Terminal))
            {
                Region = session.Spec.Connection.Region,
                IsOfCluster = session.Slurm is not null,
            }
            .SubmitAsync(request, submitter.Id, cancellationToken);
        switch (outcome)
        {
            case SubmissionOutcome.Unknown unknown:
                session.Terminal.Problems([unknown.Problem]);
                return ExitCodes.Unknown;
            case SubmissionOutcome.NotSubmitted refused:
                throw refused.Failure;
        }
        JobRegions.RememberArn(
            session.Context, ((SubmissionOutcome.Submitted)outcome).JobId, ((SubmissionOutcome.Submitted)outcome).JobArn);
        RetryReport.Print(session, (SubmissionOutcome.Submitted)outcome, job, submitter, toError: false);
        return ExitCodes.Success;
    }
}

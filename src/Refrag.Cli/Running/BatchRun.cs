using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Verbs;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.Cli.Running;

/// <summary><c>refrag run</c> with <c>env=awsbatch</c>: submits, and follows where that is asked for.</summary>
internal sealed class BatchRun(CliContext context, RunOptions options)
{
    /// <summary>Submits the jobs one after the other; the exit code is the first failure's.</summary>
    public async Task<int> RunAsync(IReadOnlyList<PlannedJob> jobs, CancellationToken cancellationToken)
    {
        using AwsConnection connection = AwsConnection.Open(context, jobs[0].Spec.Connection);
        var launcher = new Launcher(connection.Batch, context.Time, new SubmissionNotes(context.Terminal));
        if (jobs.Count > 1)
        {
            // A mistake in the last job of a sweep is told before the first is submitted.
            IReadOnlyList<Problem> problems = await launcher.CheckAsync(jobs.Select(job => (job.Spec, job.Plan)), cancellationToken);
            if (problems.Count > 0)
            {
                context.Terminal.Problems(problems);
                return ExitCodes.Usage;
            }
        }
        List<(PlannedJob Job, JobHandle Handle)> launched = [];
        int exit = ExitCodes.Success;
        foreach (PlannedJob job in jobs)
        {
            Result<Launched> result;
            try
            {
                result = await launcher.LaunchAsync(job.Spec, job.Plan, cancellationToken);
            }
            catch (AwsException)
            {
                context.Terminal.Note(launched.Count == 0 ? "Nothing was submitted." : $"{launched.Count} of {jobs.Count} jobs were submitted; the next one failed.");
                throw;
            }
            if (!result.IsSuccess || result.Value.Outcome is not SubmissionOutcome.Submitted submitted)
            {
                exit = Failure(result);
                break;
            }
            JobHandle handle = new(connection.Batch, context.Time, submitted.JobId, job.Spec.Name);
            // The very definition that was sent: a plan knows only its name, and whether it is needed at all shows when Batch is asked.
            PlannedJob sent = job with { Plan = job.Plan with { Submit = job.Plan.Submit with { JobDefinition = result.Value.Definition } } };
            launched.Add((sent, handle));
            Announce(sent, handle);
        }
        if (options.Watch)
        {
            foreach ((PlannedJob job, JobHandle handle) in launched)
            {
                int code = await FollowAsync(connection, job, handle, cancellationToken);
                if (exit == ExitCodes.Success) exit = code;
            }
        }
        return exit;
    }

    private int Failure(Result<Launched> result)
    {
        context.Terminal.Problems(result.IsSuccess ? [((SubmissionOutcome.Unknown)result.Value.Outcome).Problem] : result.Problems);
        return result.IsSuccess ? ExitCodes.Unknown : ExitCodes.Usage;
    }

    private void Announce(PlannedJob job, JobHandle handle)
    {
        context.Terminal.Note($"{handle.Name} {handle.Id}: {job.Plan.Target.Queue}, {job.Plan.Submit.JobDefinition} ({job.Plan.Target.Reason})");
        if (options is { Json: true, Watch: false }) context.Terminal.Output(Report(job, handle).ToJson());
        if (!options.Json) context.Terminal.Output($"Submitted {handle.Name}: {handle.Id}");
    }

    private async Task<int> FollowAsync(AwsConnection connection, PlannedJob job, JobHandle handle, CancellationToken cancellationToken)
    {
        var log = new RemoteLog(connection.Logs, handle, context, toError: options.Json);
        JobDetail? end = await new JobFollower(context.Terminal, PollPace.Remote)
            .FollowAsync(handle, now => log.ReadAsync(now, cancellationToken), cancellationToken);
        if (end is null || !JobStates.IsFinished(end.Status))
        {
            context.Terminal.Note($"Batch does not know job {handle.Id} any more; look for it with: aws batch describe-jobs --jobs {handle.Id}");
            return ExitCodes.Unknown;
        }
        int code = await JobExit.CodeAsync(handle, end, cancellationToken);
        if (options.Json) context.Terminal.Output((Report(job, handle) with { End = end, ExitCode = code }).ToJson());
        return code;
    }

    private static RunReport Report(PlannedJob job, JobHandle handle) => new()
    {
        JobId = handle.Id,
        JobName = handle.Name,
        JobQueue = job.Plan.Target.Queue,
        JobDefinition = job.Plan.Submit.JobDefinition,
        Reason = job.Plan.Target.Reason,
        SubmissionId = job.Plan.Id.Value,
    };
}

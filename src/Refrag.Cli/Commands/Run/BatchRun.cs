using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Run;

/// <summary>
/// <c>refrag run</c> with <c>env=awsbatch</c> or <c>env=slurm</c>: submits one job, and follows it where that is asked for.
/// </summary>
internal sealed class BatchRun(CliContext context, RunOptions options)
{
    // The job that is watched: after a move the successor.
    private JobHandle? _watched;

    /// <summary>The exit code is the job's where it is followed.</summary>
    public async Task<int> RunAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        using AwsConnection connection = AwsConnection.Open(context, job.Spec.Connection);
        using RegionalConnections regions = new(context, job.Spec.Connection);
        var launcher = new Launcher(connection.Transport, context.Time, new SubmissionNotes(context.Terminal))
        {
            Hosts = HostChecks.For(context, options, job.Spec.Connection, connection),
        };
        Result<Launched> result;
        try
        {
            // Of a chain that has succeeded nothing is left to wait for.
            if (options.Watch && job.Spec.DependsOn.Count > 0)
            {
                IAwsTransport patient = context.Terminal.Patient(connection.Transport, context.Time);
                Result<JobSpec> held = await new HeldBackJob(
                    context, patient, region => context.Terminal.Patient(regions.Batch(region), context.Time))
                    .WaitAsync(job.Spec, cancellationToken);
                if (!held.IsSuccess) return context.RefuseToSend(held.Problems);
                Result<PlannedJob> planned = JobComposer.Plan(context, held.Value);
                if (!planned.IsSuccess) return context.RefuseToSend(planned.Problems);
                job = planned.Value;
            }
            result = await launcher.LaunchAsync(job.Spec, job.Plan, cancellationToken);
        }
        catch (AwsException)
        {
            context.Terminal.Note("Nothing was submitted.");
            throw;
        }
        if (!result.IsSuccess || result.Value.Outcome is not SubmissionOutcome.Submitted submitted) return Failure(result);
        JobRegions.RememberArn(context, submitted.JobId, submitted.JobArn);
        JobHandle handle = _watched = HandleOf(connection, submitted.JobId, job.Spec.Name);
        // The very definition that was sent: a plan knows only its name, and whether it is needed at all shows when Batch is asked.
        PlannedJob sent = job with { Plan = job.Plan with { Submit = job.Plan.Submit with { JobDefinition = result.Value.Definition } } };
        Announce(sent, handle);
        if (!options.Watch) return ExitCodes.Success;
        try
        {
            return await FollowAsync(connection, regions, sent, handle, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.Terminal.Note(
                $"No longer watching. The job continues; to end it: {NextCommand.Of(options, "terminate", _watched.Id)}");
            throw;
        }
        catch (AwsException failure) when (options.Notifier is { IsWanted: true } notifier)
        {
            // What is not watched any more may have failed: silence would say that it still runs.
            FollowedJob followed = new(_watched.Id, _watched.Name, Last: null);
            await notifier.SendAsync(
                EndedWorkReader.Unknown([followed], ExitCodes.Unavailable, counts: null, failure.Problem.What), cancellationToken);
            throw;
        }
    }

    private int Failure(Result<Launched> result)
    {
        context.Terminal.Problems(result.IsSuccess ? [((SubmissionOutcome.Unknown)result.Value.Outcome).Problem] : result.Problems);
        return result.IsSuccess ? ExitCodes.Unknown : ExitCodes.Usage;
    }

    private void Announce(PlannedJob job, JobHandle handle)
    {
        context.Terminal.Note(
            $"{handle.Name} {handle.Id}: {job.Plan.Target.Queue}, {job.Plan.Submit.JobDefinition} ({job.Plan.Target.Reason})");
        if (options is { Json: true, Watch: false }) context.Terminal.Output(Report(job, handle.Id).ToJson());
        if (options.Json) return;
        context.Terminal.Output($"Submitted {handle.Name}: {handle.Id}");
        // For a person at a terminal; a script has what it needs.
        if (!options.Watch && context.Terminal.ShowsStatus)
            context.Terminal.Note(
                $"Its log: {NextCommand.Of(options, "logs -f", handle.Id)}   Why it waits: {NextCommand.Of(options, "why", handle.Id)}");
    }

    private static RunReport Report(PlannedJob job, string id) =>
        RunReport.Of(job.Plan, id) with { Region = job.Spec.Regions is null ? null : job.Spec.Connection.Region };

    // The job to its end, and its successors, if its policy moves it.
    private async Task<int> FollowAsync(
        AwsConnection connection, RegionalConnections regions, PlannedJob job, JobHandle handle, CancellationToken cancellationToken)
    {
        using FallbackDriver? driver = await FallbackDriver.OpenAsync(context, connection, regions, job.Spec, cancellationToken);
        RunReport report = Report(job, handle.Id);
        while (true)
        {
            await using var measuring = Measuring.Begin(context, connection);
            JobDetail? end = await FollowOneAsync(connection, handle, measuring, driver, cancellationToken);
            if (end is null || !JobStates.IsFinished(end.Status))
            {
                context.Terminal.Note(connection.IsSlurm
                    ? $"The cluster does not know job {handle.Id} any more; its folder may be gone: {job.Spec.Connection.Slurm!.Folder}"
                    : $"Batch does not know job {handle.Id} any more; look for it with: aws batch describe-jobs --jobs {handle.Id}");
                FollowedJob lost = new(handle.Id, handle.Name, Last: null);
                await NotifyAsync(connection, job, lost, ExitCodes.Unknown, cancellationToken);
                return ExitCodes.Unknown;
            }
            int code = await JobExit.CodeAsync(handle, end, cancellationToken);
            // Where a successor is shows when Batch describes it.
            if (report.RetryOf is not null) report = report with { JobQueue = AwsNames.Short(end.JobQueue) };
            if (options.Json) context.Terminal.Output(report.Ended(end, code).ToJson());
            if (driver is not null && await driver.MoveAsync(handle, end, cancellationToken) is { } moved)
            {
                // The submission's id was the first job's.
                report = report with
                {
                    JobId = moved.JobId,
                    RetryOf = handle.Id,
                    SubmissionId = null,
                    Reason = null,
                    Region = moved.Region ?? report.Region,
                };
                if (moved.Region is { } region) connection = driver.Enter(region);
                handle = _watched = HandleOf(connection, moved.JobId, handle.Name);
                continue;
            }
            // What was measured last is part of the cost that is reported.
            await measuring.DisposeAsync();
            await NotifyAsync(connection, job, new FollowedJob(handle.Id, handle.Name, end), code, cancellationToken);
            return code;
        }
    }

    private async Task<JobDetail?> FollowOneAsync(
        AwsConnection connection, JobHandle handle, Measuring measuring, FallbackDriver? driver, CancellationToken cancellationToken)
    {
        TimeSpan late = await connection.LogDelay.GetAsync(cancellationToken);
        RemoteLog log = new(connection.Transport, handle, context, toError: options.Json, late);
        return await new JobFollower(context.Terminal, PollPace.Remote).FollowAsync(
            handle,
            async now =>
            {
                measuring.See(now);
                await log.ReadAsync(now, cancellationToken);
                if (driver is not null) await driver.SeeAsync(handle, now, cancellationToken);
            },
            cancellationToken);
    }

    private JobHandle HandleOf(AwsConnection connection, string id, string name) =>
        new(context.Terminal.Patient(connection.Transport, context.Time), context.Time, id, name);

    private async Task NotifyAsync(
        AwsConnection connection, PlannedJob job, FollowedJob followed, int code, CancellationToken cancellationToken)
    {
        if (options.Notifier is not { IsWanted: true } notifier) return;
        EndedWorkReader reader =
            new(context, connection.Transport, connection.Place, followed.Last?.JobArn is { } arn
                ? JobPlace.Of("", arn)?.Region ?? QueueInstanceTypes.Region(context, job.Spec)
                : QueueInstanceTypes.Region(context, job.Spec));
        await notifier.SendAsync(await reader.ReadAsync([followed], code, counts: null, cancellationToken), cancellationToken);
    }
}

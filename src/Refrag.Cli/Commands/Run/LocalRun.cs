using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.LocalRuns;
using Refrag.Engine;
using Refrag.Launching;

namespace Refrag.Cli.Commands.Run;

/// <summary>
/// <c>refrag run</c> with <c>env=local</c>: the same requests, to the engine inside this process, whose state others can read. Ends when
/// the job has ended; a signal ends it first.
/// </summary>
internal sealed class LocalRun(CliContext context, RunOptions options)
{
    /// <summary>Runs the job; the exit code is its own.</summary>
    public async Task<int> RunAsync(PlannedJob job, CancellationToken cancellationToken)
    {
        await using LocalRunHost run = LocalEngine.Start(context, [job.Plan]);
        return await run.RunAsync(context, () => RunAsync(run.Batch, job, cancellationToken));
    }

    private async Task<int> RunAsync(LocalBatch batch, PlannedJob job, CancellationToken cancellationToken)
    {
        Result<Launched> launched =
            await new Launcher(batch, context.Time).LaunchAsync(job.Spec, LocalEngine.WithMeetingPlace(job.Plan), cancellationToken);
        if (!launched.IsSuccess)
            return context.RefuseToSend(launched.Problems);
        Task<(JobDetail End, int Code)> following = FollowAsync(batch, job, LocalRunHost.Submitted(launched.Value.Outcome).JobId);
        using CancellationTokenRegistration stop = LocalEngine.StopOn(context, batch, cancellationToken);
        (JobDetail end, int code) = await following;
        if (cancellationToken.IsCancellationRequested) return context.Signals.ExitCode;
        if (options.Notifier is { IsWanted: true } notifier)
        {
            FollowedJob followed = new(end.JobId, job.Spec.Name, end);
            EndedWorkReader reader = new(context, batch, endpoint: null, region: "");
            await notifier.SendAsync(await reader.ReadAsync([followed], code, counts: null, cancellationToken), cancellationToken);
        }
        return code;
    }

    private async Task<(JobDetail End, int Code)> FollowAsync(LocalBatch batch, PlannedJob job, string id)
    {
        Task printing = new LocalLog(context, options.Json).PrintAsync(batch, id, LocalLog.MarkOf);
        JobDetail? end = null;
        // Not cancelled by a signal: that stops the job, and the job's end is worth telling.
        await foreach (JobDetail now in batch.WatchAsync(id, CancellationToken.None)) end = now;
        await printing;
        int code = await JobExit.CodeAsync(new JobHandle(batch, context.Time, id, job.Spec.Name), end!, CancellationToken.None);
        if (end!.Status != JobStatus.Succeeded)
            context.Terminal.Note($"{job.Spec.Name}: {end.Status}{(end.StatusReason is { } why ? $" ({why})" : "")}");
        if (options.Json) context.Terminal.Output(RunReport.Of(job.Plan, id).Ended(end, code).ToJson());
        return (end, code);
    }
}

using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.LocalRuns;
using Refrag.Engine;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Submission;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>
/// A job of an earlier run on this machine once more: the same request, to an engine inside this process, in the folder in which the
/// command is called. Ends when the job has ended.
/// </summary>
internal sealed class LocalRetry(QuerySession session)
{
    private CliContext Context => session.Context;

    /// <summary>Runs it; the exit code is the job's.</summary>
    public async Task<int> RunAsync(JobDetail job, SubmitJobRequest request, Submitter submitter, CancellationToken cancellationToken)
    {
        if (request.DependsOn is { Count: > 0 } open) return Context.Refuse([Depends(job, open[0])]);
        if (await new OrphanedProcesses(Context, "AWS_BATCH_JOB_ID", job.JobId).EndAsync(cancellationToken) is { } left)
            return Context.Refuse([left]);
        RegisterJobDefinitionRequest? derived = await DerivedAsync(job, cancellationToken);
        string definition = AwsNames.Short(job.JobDefinition).Split(':')[0];
        await using LocalRunHost run = LocalEngine.Start(Context, [AwsNames.Short(job.JobQueue)], derived is null ? [definition] : []);
        request = LocalEngine.WithMeetingPlace(request with { JobQueue = AwsNames.Short(job.JobQueue), JobDefinition = definition });
        return await run.RunAsync(Context, () => RunAsync(run.Batch, job, request, derived, submitter, cancellationToken));
    }

    private async Task<int> RunAsync(
        LocalBatch batch, JobDetail job, SubmitJobRequest request, RegisterJobDefinitionRequest? derived, Submitter submitter,
        CancellationToken cancellationToken)
    {
        if (derived is not null) await DefinitionRegistry.EnsureAsync(batch, derived, cancellationToken);
        SubmissionOutcome outcome = await new JobSubmitter(batch, Context.Time).SubmitAsync(request, submitter.Id, cancellationToken);
        SubmissionOutcome.Submitted submitted = LocalRunHost.Submitted(outcome);
        RetryReport.Print(session, submitted, job, submitter, toError: true);
        Task printing = new LocalLog(Context, toError: session.Json).PrintAsync(batch, submitted.JobId, LocalLog.MarkOf);
        using CancellationTokenRegistration stop = LocalEngine.StopOn(Context, batch, cancellationToken);
        JobDetail? end = null;
        // Not cancelled by a signal: that stops the job, and the job's end is worth telling.
        await foreach (JobDetail now in batch.WatchAsync(submitted.JobId, CancellationToken.None)) end = now;
        await printing;
        if (end!.Status != JobStatus.Succeeded)
            Context.Terminal.Note($"{job.JobName}: {end.Status}{(end.StatusReason is { } why ? $" ({why})" : "")}");
        int code =
            await JobExit.CodeAsync(new JobHandle(batch, Context.Time, submitted.JobId, job.JobName), end, CancellationToken.None);
        return cancellationToken.IsCancellationRequested ? Context.Signals.ExitCode : code;
    }

    // A definition that the run made for its job alone (several nodes, another image) is made again; the others every engine has.
    private async Task<RegisterJobDefinitionRequest?> DerivedAsync(JobDetail job, CancellationToken cancellationToken)
    {
        DescribeJobDefinitionsResponse answer = await session.Batch.SendAsync(
            BatchOperations.DescribeJobDefinitions, new DescribeJobDefinitionsRequest { JobDefinitions = [job.JobDefinition] },
            cancellationToken);
        if (answer.JobDefinitions is not [{ } old, ..] || old.Tags?.ContainsKey(DefinitionDerivation.BaseTag) != true) return null;
        return new RegisterJobDefinitionRequest
        {
            JobDefinitionName = old.JobDefinitionName,
            Type = old.Type,
            Parameters = old.Parameters,
            ContainerProperties = old.ContainerProperties,
            NodeProperties = old.NodeProperties,
            RetryStrategy = old.RetryStrategy,
            Timeout = old.Timeout,
            PropagateTags = old.PropagateTags,
            PlatformCapabilities = old.PlatformCapabilities,
            Tags = old.Tags,
        };
    }

    private static Problem Depends(JobDetail job, JobDependency open) => new()
    {
        Code = "RF5020",
        What = $"Job {job.JobId} depends on {open.JobId}, which has not succeeded and is not in the run that would begin now",
        Cure = "Run both again: refrag run …, or the sweep with refrag run --resume.",
    };
}

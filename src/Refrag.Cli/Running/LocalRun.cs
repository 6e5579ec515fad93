using System.Globalization;
using Refrag.Apps;
using Refrag.Aws.Batch;
using Refrag.Cli.Verbs;
using Refrag.Engine;
using Refrag.Engine.Logs;
using Refrag.Engine.Runners;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.Cli.Running;

/// <summary>
/// <c>refrag run</c> with <c>env=local</c>: the same requests, to the engine inside this process. Ends when the jobs have ended; a signal ends them first.
/// </summary>
internal sealed class LocalRun(CliContext context, RunOptions options)
{
    // As AWS gives a container between SIGTERM and SIGKILL. (UG job_timeouts)
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    /// <summary>Runs all jobs, as many at once as the machine holds; the exit code is that of the first job that failed.</summary>
    public async Task<int> RunAsync(IReadOnlyList<PlannedJob> jobs, CancellationToken cancellationToken)
    {
        await using var batch = new LocalBatch(EngineOptions(jobs), context.Time);
        var launcher = new Launcher(batch, context.Time);
        List<Task<int>> following = [];
        foreach (PlannedJob job in jobs)
        {
            Result<Launched> launched = await launcher.LaunchAsync(job.Spec, WithMeetingPlace(job.Plan), cancellationToken);
            if (!launched.IsSuccess)
            {
                context.Terminal.Problems(launched.Problems);
                return ExitCodes.Usage;
            }
            following.Add(FollowAsync(batch, job, (SubmissionOutcome.Submitted)launched.Value.Outcome, prefixed: jobs.Count > 1));
        }
        using CancellationTokenRegistration stop = cancellationToken.Register(() =>
        {
            context.Terminal.Note("Stopping; once more to stop at once.");
            _ = batch.StopAsync(s_grace);
        });
        int[] codes = await Task.WhenAll(following);
        return cancellationToken.IsCancellationRequested ? context.Signals.ExitCode : codes.FirstOrDefault(code => code != 0);
    }

    private LocalBatchOptions EngineOptions(IReadOnlyList<PlannedJob> jobs)
    {
        LocalBatchOptions defaults = new() { WorkingDirectory = context.WorkingDirectory, EntryPoint = OwnProgram.Command };
        // Whatever queue and definition the environment names, this machine has them.
        string[] queues = [.. jobs.Select(j => j.Plan.Target.Queue).Distinct(StringComparer.Ordinal).Except(defaults.Queues.Select(q => q.Name))];
        string[] definitions = [.. jobs.Select(j => j.Plan.Target.Definition.Split(':')[0]).Distinct(StringComparer.Ordinal).Except(defaults.Definitions.Select(d => d.Name))];
        return defaults with
        {
            Queues = [.. defaults.Queues, .. queues.Select(name => new LocalQueue(name, "refrag-cpu-compute-env"))],
            // A laptop is no c6i.xlarge: what the user did not ask for is not demanded.
            Definitions = [.. defaults.Definitions.Select(d => d.Name).Concat(definitions).Select(name => new LocalDefinition(name, new VCpus(1), new MebiBytes(256), new Gpus(0)))],
        };
    }

    // Two runs at once on one machine must not meet at the default port.
    private static LaunchPlan WithMeetingPlace(LaunchPlan plan)
    {
        if (plan.Submit.NodeOverrides?.NodePropertyOverrides is not [{ ContainerOverrides: { } container } all]) return plan;
        Aws.Batch.KeyValuePair[] meeting =
        [
            // An address of loopback, said so, keeps the main node from listening to other machines.
            new() { Name = BatchVariables.MasterAddress, Value = "127.0.0.1" },
            new() { Name = BatchVariables.MasterPort, Value = LocalPort.Free().ToString(CultureInfo.InvariantCulture) },
        ];
        IReadOnlyList<Aws.Batch.KeyValuePair> given = container.Environment ?? [];
        NodePropertyOverride met = all with
        {
            ContainerOverrides = container with { Environment = [.. meeting.ExceptBy(given.Select(v => v.Name), v => v.Name), .. given] },
        };
        return plan with { Submit = plan.Submit with { NodeOverrides = plan.Submit.NodeOverrides with { NodePropertyOverrides = [met] } } };
    }

    private async Task<int> FollowAsync(LocalBatch batch, PlannedJob job, SubmissionOutcome.Submitted launched, bool prefixed)
    {
        string id = launched.JobId;
        Task printing = PrintAsync(batch, id, prefixed ? $"{job.Spec.Name} {id[..8]}: " : "");
        JobDetail? end = null;
        // Not cancelled by a signal: that stops the job, and the job's end is worth telling.
        await foreach (JobDetail now in batch.WatchAsync(id, CancellationToken.None)) end = now;
        await printing;
        int code = await JobExit.CodeAsync(new JobHandle(batch, context.Time, id, job.Spec.Name), end!, CancellationToken.None);
        Tell(job, launched, end!, code);
        return code;
    }

    private async Task PrintAsync(LocalBatch batch, string id, string prefix)
    {
        await foreach (LogEvent line in batch.FollowAsync(id, CancellationToken.None))
        {
            if (line.Missed > 0) context.Terminal.Note($"{line.Missed} lines were printed faster than they could be shown, and are left out here.");
            string text = prefix + Child(line.JobId) + line.Message;
            if (options.Json || line.Source == OutputSource.Error) context.Terminal.Error(text);
            else context.Terminal.Output(text);
        }
    }

    // Children of an array do not know of one another, so their lines do not say whose they are. Nodes of one job tell their rank themselves.
    private static string Child(string jobId) => jobId.LastIndexOf(':') is > 0 and var at ? $"[{jobId[(at + 1)..]}] " : "";

    private void Tell(PlannedJob job, SubmissionOutcome.Submitted launched, JobDetail end, int code)
    {
        if (end.Status != "SUCCEEDED") context.Terminal.Note($"{job.Spec.Name}: {end.Status}{(end.StatusReason is { } why ? $" ({why})" : "")}");
        if (!options.Json) return;
        context.Terminal.Output(new RunReport
        {
            JobId = launched.JobId,
            JobName = job.Spec.Name,
            JobQueue = job.Plan.Target.Queue,
            JobDefinition = job.Plan.Submit.JobDefinition,
            Reason = job.Plan.Target.Reason,
            SubmissionId = job.Plan.Id.Value,
            End = end,
            ExitCode = code,
        }.ToJson());
    }
}

using System.CommandLine;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs.Shells;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag shell ID</c>: into a running job.</summary>
internal static class ShellVerb
{
    private const int FirstOfSignals = 128;
    private const int MostTries = 10;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job's id, then -- and a command", "job", takesCommand: true)
        {
            NotOnSlurm = "use `srun --jobid=ID --overlap --pty sh` there",
        };
        Command verb = options.Verb(
            "shell",
            "Open a shell in a running job, or run the command behind -- there.\n"
            + "With env=local and on a server of this machine it has the job's variables and working directory, or is in its container; on "
            + "AWS it is ECS Exec, which env.shell=true allows. The exit code is the command's. A job that ends, ends the shell.");
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!NamedJobs.One(options.Plain(parsed)).TryGet(out string? id, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
            if (found is not { } job) return notFound;
            return Refusal(job) is { } refused
                ? context.Refuse([refused])
                : await OpenAsync(session, job, options.CommandOf(parsed), cancellationToken);
        }));
        return verb;
    }

    private static Problem? Refusal(JobDetail job)
    {
        if (job.ArrayProperties?.Size is { } size and > 0) return ShellProblems.HasParts(job, $"{size} children", $"{job.JobId}:0");
        if (job.NodeProperties?.NumNodes is { } nodes and > 0 && !job.JobId.Contains('#', StringComparison.Ordinal))
            return ShellProblems.HasParts(job, $"{nodes} nodes", $"{job.JobId}#0");
        if (job.Status != JobStatus.Running) return ShellProblems.NotRunning(job);
        return job.EcsProperties?.TaskProperties?.Any(task => task.Containers?.Count > 1) == true
            ? ShellProblems.SeveralContainers(job)
            : null;
    }

    private static async Task<int> OpenAsync(
        QuerySession session, JobDetail job, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        CliContext context = session.Context;
        if (session.IsAws)
        {
            int code = await new TaskShell(context, session.Spec.Connection).RunAsync(job, command);
            await ReportEndAsync(session, job, IsOfASignal(code));
            return code;
        }
        if (!session.IsLocal && !AwsConnection.IsOfThisMachine(context, session.Spec.Connection))
            return context.Refuse([ShellProblems.OtherMachine(session.Spec.Connection.EndpointUrl)]);
        if (JobProcess.Find(job.JobId) is { } process)
        {
            int code = await new ProcessShell(context, process).RunAsync(command);
            await ReportEndAsync(session, job, !process.IsAlive);
            return code;
        }
        if (JobTask.Of(job) is { } task && !session.IsLocal
            && await ContainerShell.FindAsync(context, AwsNames.Short(task.Arn), cancellationToken) is { } container)
        {
            int code = await container.RunAsync(command);
            await ReportEndAsync(session, job, IsOfASignal(code));
            return code;
        }
        return context.Refuse([ShellProblems.NotFound(job)]);
    }

    private static bool IsOfASignal(int code) => code > FirstOfSignals;

    // A shell that ended because its job did says nothing of it. The job's own record follows a moment later.
    private static async Task ReportEndAsync(QuerySession session, JobDetail job, bool mayHaveEnded)
    {
        JobHandle handle = new(session.Batch, session.Context.Time, job.JobId, job.JobName);
        try
        {
            for (int tries = mayHaveEnded ? MostTries : 1; tries > 0; tries--)
            {
                if (await handle.DescribeAsync(CancellationToken.None) is { } now && JobStates.IsFinished(now.Status))
                {
                    session.Terminal.Note($"{job.JobName} {job.JobId} has ended: {now.Status}");
                    return;
                }
                if (tries > 1) await Task.Delay(s_pause, session.Context.Time, CancellationToken.None);
            }
        }
        catch (AwsException)
        {
            // Its server has ended too; the shell's own end is what was asked for.
        }
    }
}

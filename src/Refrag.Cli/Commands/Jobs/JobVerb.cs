using System.CommandLine;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.JobLogs;
using Refrag.Launching;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag job ID</c>: one job on one screen.</summary>
internal static class JobVerb
{
    private const int LogLines = 10;

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job's id", "job");
        Command verb =
            options.Verb(
                "job", "Show one job: state, attempts, resources, command, end of its log, cost so far.");
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!NamedJobs.One(options.Plain(parsed)).TryGet(out string? id, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            DateTimeOffset asked = session.Now;
            (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
            if (found is not { } job) return notFound;
            return await ShowAsync(session, job, asked, cancellationToken);
        }));
        return verb;
    }

    private static async Task<int> ShowAsync(
        QuerySession session, JobDetail job, DateTimeOffset asked, CancellationToken cancellationToken)
    {
        job = await AskedNodes.ReadAsync(session.Batch, job, cancellationToken);
        Costs.RecordedCost? cost = await KnownCosts.OfAsync(session, job, cancellationToken);
        ExpectedStart? start = await ExpectedStarts.OfAsync(session, job.JobId, job.Status, cancellationToken);
        Usage.JobUsage? usage = await KnownUsage.OfAsync(session, job, cancellationToken);
        JobChain chain = await JobChain.ReadAsync(session.Batch, job, cancellationToken, session.BatchIn);
        Task keeping = Sightings.KeepAsync(session, job, asked);
        JobStream? stream = JobStreams.Of(job) is [.., { } newest] ? newest : null;
        if (session.Json)
        {
            JobDescription description =
                JobDescription.Of(job, stream?.Name, cost, usage, start) with { Chain = ChainedJob.Of(chain) };
            session.Terminal.Output(JsonOutput.Line(description, JobsJson.Default.JobDescription));
            await keeping;
            return ExitCodes.Success;
        }
        foreach (Cell[] line in JobScreen.Lines(session, job, cost, usage, start, chain.Text)) session.Terminal.Output(line);
        await LogAsync(session, job, cancellationToken);
        await keeping;
        return ExitCodes.Success;
    }

    private static async Task LogAsync(QuerySession session, JobDetail job, CancellationToken cancellationToken)
    {
        if (job.ArrayProperties?.Size > 0 || job.NodeProperties is not null)
        {
            session.Terminal.Output($"\n`refrag logs {job.JobId}` shows the logs of its parts.");
            return;
        }
        Queue<LogLine> last = new();
        JobLogReader reader = new JobHandle(session.Batch, session.Context.Time, job.JobId, job.JobName).Log(session.Logs, new LogChoice());
        try
        {
            await reader.ReadAsync(job, Keep, cancellationToken);
        }
        catch (AwsException failure)
        {
            session.Terminal.Output($"\nThe log cannot be read: {failure.Problem.What}");
            return;
        }
        session.Terminal.Output(
            last.Count == 0 ? $"\n{LogAbsence.Explain(job, reader.Missing.Count > 0)}" : $"\nthe end of its log ({reader.Lines} lines):");
        foreach (LogLine line in last) session.Terminal.Output($"  {line.Text}");

        void Keep(LogLine line)
        {
            last.Enqueue(line);
            if (last.Count > LogLines) last.Dequeue();
        }
    }
}

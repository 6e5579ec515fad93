using System.CommandLine;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag jobs</c>: the jobs, as many as there are, printed as they come.</summary>
internal static class JobsVerb
{
    private static readonly TimeSpan s_watchPace = TimeSpan.FromSeconds(5);

    private static readonly Column[] s_columns =
    [
        new("ID"), new("NAME", Least: 10), new("STATUS"), new("PARTS", Right: true, Drop: 3), new("AGE", Right: true),
        new("RAN", Right: true, Drop: 4),
        new("QUEUE", Least: 10, Drop: 5), new("REASON", Least: 10, Drop: 2),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("A job's name, perhaps with * and ?");
        JobFilterOptions filter = new();
        Option<bool> watch = new("--watch", "-w") { Description = "Show the list anew every five seconds until Ctrl-C." };
        Command verb =
            options.Verb("jobs", "List the jobs of all queues; an array or a multi-node job is one line.",
                [.. filter.All, watch]);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!filter.Read(parsed, session, options.Plain(parsed)).TryGet(out JobFilter? wanted, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            if (await UnknownNames.MissingQueuesAsync(session, wanted.Queues, cancellationToken) is { } missing) return missing;
            return await (parsed.GetValue(watch)
                ? WatchAsync(session, wanted, cancellationToken)
                : ListAsync(session, wanted, cancellationToken));
        }));
        return verb;
    }

    private static async Task<int> WatchAsync(QuerySession session, JobFilter filter, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (session.Terminal.OutputIsTerminal && !session.Json) session.Terminal.Clear();
            await ListAsync(session, filter, cancellationToken);
            await Task.Delay(s_watchPace, session.Context.Time, cancellationToken);
        }
    }

    private static async Task<int> ListAsync(QuerySession session, JobFilter filter, CancellationToken cancellationToken)
    {
        Table table = new(session.Terminal, s_columns);
        long count = 0;
        // The first page is shown as soon as it is there: a long list begins at once.
        await foreach (ListedJob job in new JobLister(session.Batch).ListAsync(filter, cancellationToken))
        {
            count++;
            if (session.Json) session.Terminal.Output(JsonOutput.Line(JobLine.Of(job), JobsJson.Default.JobLine));
            else table.Add(Row(job, session.Now));
        }
        if (!session.Json) table.Flush();
        if (!session.Json && session.Terminal.OutputIsTerminal)
            session.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} jobs"));
        return ExitCodes.Success;
    }

    private static Cell[] Row(ListedJob listed, DateTimeOffset now)
    {
        JobSummary job = listed.Summary;
        string parts = job.ArrayProperties?.Size is { } size and > 0
            ? Parts(job, size)
            : job.NodeProperties?.NumNodes is { } nodes ? $"{nodes} nodes" : "";
        string ran = job.StartedAt is { } started and > 0
            ? RelativeTime.Length(
            (job.StoppedAt is { } stopped
                ? DateTimeOffset.FromUnixTimeMilliseconds(stopped)
                : now) - DateTimeOffset.FromUnixTimeMilliseconds(started))
            : "";
        string reason = job.StatusReason ?? job.Container?.Reason
            ?? (job.Container?.ExitCode is { } code and not 0 ? $"exit code {code}" : "");
        return [job.JobId, job.JobName, Cell.Status(job.Status), parts, RelativeTime.Ago(job.CreatedAt, now), ran, listed.Queue, reason];
    }

    // How many of the children have succeeded, if Batch reports it; else how many there are.
    private static string Parts(JobSummary job, int size) =>
        job.ArrayProperties?.StatusSummary is { Count: > 0 } summary
            ? string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.GetValueOrDefault(JobStatus.Succeeded) + summary.GetValueOrDefault(JobStatus.Failed)}/{size}")
            : string.Create(CultureInfo.InvariantCulture, $"[{size}]");
}

using System.CommandLine;
using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>
/// <c>refrag jobs</c>: the jobs, as many as there are, the newest first. A list that is too long to be held is printed as it comes.
/// </summary>
internal static class JobsVerb
{
    // What is held to be put in order: more would delay the first line and take memory. (decision 0020)
    private const int MostHeld = 1000;

    private static readonly TimeSpan s_watchPace = TimeSpan.FromSeconds(5);

    private static readonly Column[] s_columns =
    [
        new("ID"), new("NAME", Least: 10), new("STATUS"), new("PARTS", Right: true, Drop: 3), new("AGE", Right: true),
        new("RAN", Right: true, Drop: 4),
        new("QUEUE", Least: 10, Drop: 5), new("REASON", Least: 10, Drop: 2),
    ];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("A job's name, perhaps with * and ?", "job");
        JobFilterOptions filter = new();
        Option<bool> watch = new("--watch", "-w") { Description = "Show the list anew every five seconds until Ctrl-C." };
        Command verb =
            options.Verb("jobs", "List the jobs of all queues, newest first; an array or nodes are one line.",
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
        DateTimeOffset begun = session.Now;
        List<ListedJob> held = [];
        List<JobSummary> seen = [];
        Table table = new(session.Terminal, s_columns);
        long count = 0;
        await foreach (ListedJob job in new JobLister(session.Batch).ListAsync(filter, cancellationToken))
        {
            if (++count <= MostHeld)
            {
                seen.Add(job.Summary);
                held.Add(job);
                continue;
            }
            foreach (ListedJob one in held) Show(session, table, one);
            held.Clear();
            Show(session, table, job);
        }
        if (count <= MostHeld) Show(session, [.. held.OrderByDescending(job => job.Summary.CreatedAt ?? 0)]);
        else if (!session.Json) table.Flush();
        await Sightings.KeepAsync(session, seen, begun);
        if (session.Json || !session.Terminal.OutputIsTerminal) return ExitCodes.Success;
        session.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "job" : "jobs")}"));
        if (count > MostHeld)
            session.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
                $"More than {MostHeld:N0} are shown as Batch lists them, by queue and state. --since, --status or --queue narrows it."));
        return ExitCodes.Success;
    }

    private static void Show(QuerySession session, Table table, ListedJob job)
    {
        if (session.Json) session.Terminal.Output(JsonOutput.Line(JobLine.Of(job), JobsJson.Default.JobLine));
        else table.Add(Row(job, session.Now, job.Summary.JobId));
    }

    private static void Show(QuerySession session, IReadOnlyList<ListedJob> jobs)
    {
        bool isForPeople = session.Terminal.OutputIsTerminal && !session.Json;
        int shown = isForPeople ? NamedJobs.LengthToTellApart([.. jobs.Select(job => job.Summary.JobId)]) : int.MaxValue;
        // A reason that all have says nothing of one of them.
        string[] reasons = [.. jobs.Select(job => Reason(job.Summary)).Distinct(StringComparer.Ordinal)];
        bool isCommon = isForPeople && jobs.Count > 1 && reasons.Length == 1;
        Table table = new(session.Terminal, isCommon ? s_columns[..^1] : s_columns);
        foreach (ListedJob job in jobs)
        {
            if (session.Json)
            {
                Show(session, table, job);
                continue;
            }
            string id = job.Summary.JobId;
            Cell[] row = Row(job, session.Now, id.Length > shown ? id[..shown] : id);
            table.Add(isCommon ? row[..^1] : row);
        }
        if (!session.Json) table.Flush();
        if (isCommon && reasons[0].Length > 0) session.Terminal.Note($"The reason of each: {reasons[0]}");
    }

    private static Cell[] Row(ListedJob listed, DateTimeOffset now, string id)
    {
        JobSummary job = listed.Summary;
        string ran = job.StartedAt is { } started and > 0
            ? RelativeTime.Length(
            (job.StoppedAt is { } stopped
                ? DateTimeOffset.FromUnixTimeMilliseconds(stopped)
                : now) - DateTimeOffset.FromUnixTimeMilliseconds(started))
            : "";
        return [id, job.JobName, Cell.Status(job.Status), PartsText.Of(job), RelativeTime.Ago(job.CreatedAt, now), ran, listed.Queue,
            Reason(job)];
    }

    private static string Reason(JobSummary job) => job.StatusReason ?? job.Container?.Reason
        ?? (job.Container?.ExitCode is { } code and not 0 ? string.Create(CultureInfo.InvariantCulture, $"exit code {code}") : "");
}

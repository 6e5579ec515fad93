using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs.Top;

/// <summary>The screen of <c>refrag top</c> as lines: as many as the terminal has, none longer than it is wide. Pure.</summary>
internal static class TopScreen
{
    private const int LeastJobRows = 6;
    private const int Bar = 10;

    private static readonly Column[] s_queues =
    [
        new("QUEUE", Least: 24), new("STATE", Drop: 2), new("HEALTH"), new(JobStatus.Pending, Right: true, Drop: 3),
        new(JobStatus.Runnable, Right: true),
        new(JobStatus.Starting, Right: true, Drop: 4), new(JobStatus.Running, Right: true), new("OLDEST", Right: true, Drop: 1),
    ];

    private static readonly Column[] s_fleets = [new("FLEET", Least: 24), new("KIND", Drop: 2), new("HEALTH"), new("VCPUS", Right: true),
        new("USE", Drop: 1), new("TYPES", Least: 8, Drop: 3)];

    private static readonly Column[] s_jobs = [new(" "), new("STATUS"), new("NAME", Least: 10), new("AGE", Right: true, Drop: 1),
        new("RAN", Right: true, Drop: 3), new("QUEUE", Least: 10, Drop: 2), new("ID", Least: 8)];

    public static IReadOnlyList<Cell[]> Lines(TopState state, TimeZoneInfo zone, int width, int height)
    {
        List<Cell[]> lines = [[Head(state, zone, width)]];
        if (state.Mode == TopMode.Page)
        {
            AddPage(lines, state, width, height);
        }
        else if (state.Activity is { } activity)
        {
            // The jobs have what queues and fleets leave; on a small screen these are cut first.
            int room = Math.Max(2, height - 2 - LeastJobRows);
            int queues = Math.Min(activity.Queues.Count, Math.Max(1, (room / 2) - 1));
            Rows(lines, s_queues, [.. activity.Queues.Take(queues).Select(q => Queue(q, activity.At))], width);
            if (room >= 5) Rows(lines, s_fleets, [.. activity.Environments.Take(Math.Max(1, room - queues - 2)).Select(Fleet)], width);
            AddJobs(lines, state, width, height);
        }
        while (lines.Count < height - 1) lines.Add([""]);
        lines.Add([Cut(Foot(state), width)]);
        return lines;
    }

    private static string Head(TopState state, TimeZoneInfo zone, int width)
    {
        string time = state.Activity is { } a
            ? TimeZoneInfo.ConvertTime(a.At, zone).ToString("HH:mm:ss zzz", CultureInfo.InvariantCulture)
            : "reading…";
        string rate = state.Activity?.EndedPerMinute is { } perMinute
            ? string.Create(CultureInfo.InvariantCulture, $"  {perMinute:0.#} jobs/min end")
            : "";
        string filter = state.Filter.Length > 0 || state.Mode == TopMode.Filter
            ? $"  filter: {state.Filter}{(state.Mode == TopMode.Filter ? "_" : "")}"
            : "";
        string cut = state.Activity?.IsCut == true ? "  (more jobs than shown)" : "";
        return Cut($"refrag top  {state.Region}  {time}{rate}{filter}{cut}", width);
    }

    private static string Foot(TopState state) => state.Mode switch
    {
        TopMode.Filter => "type to filter by name, id, state or queue   enter: keep   esc: clear",
        TopMode.Confirm =>
            $"{(state.Ending == EndAction.Cancel ? "Cancel" : "Terminate")} {state.Asked?.Summary.JobName} "
                + $"{state.Asked?.Summary.JobId}? y/n",
        TopMode.Page => "esc: back   up/down: scroll",
        _ when state.Message.Length > 0 => state.Message,
        _ => "q quit  / filter  j k choose  enter open  l log  c cancel  t terminate  r now",
    };

    private static Cell[] Queue(QueueStatus queue, DateTimeOffset now)
    {
        string Count(string status) => queue.Jobs.GetValueOrDefault(status).ToString(CultureInfo.InvariantCulture);
        return [queue.Queue.JobQueueName, queue.Queue.State, Cell.Health(Health.Of(queue)),
            Count(JobStatus.Pending), Count(JobStatus.Runnable), Count(JobStatus.Starting), Count(JobStatus.Running),
            RelativeTime.Ago(queue.OldestWaiting?.CreatedAt, now)];
    }

    private static Cell[] Fleet(QueueEnvironment environment)
    {
        ComputeResource? resources = environment.Detail?.ComputeResources;
        // What runs on an unmanaged environment Batch does not count.
        bool isCounted = resources is not null;
        (int now, int most) = (resources?.DesiredvCpus ?? 0, resources?.MaxvCpus ?? environment.Detail?.UnmanagedvCpus ?? 0);
        int full = most > 0 ? Math.Clamp((int)Math.Ceiling((double)now * Bar / most), 0, Bar) : 0;
        return
        [
            environment.Name, resources?.Type ?? environment.Detail?.Type ?? "?",
            environment.Detail is { } detail ? Cell.Health(Health.Of(detail)) : new Cell("gone", Tone.Bad),
            string.Create(CultureInfo.InvariantCulture, $"{(isCounted ? now.ToString(CultureInfo.InvariantCulture) : "-")}/{most}"),
            !isCounted ? "" : $"[{new string('#', full)}{new string('.', Bar - full)}]", string.Join(" ", resources?.InstanceTypes ?? []),
        ];
    }

    private static void AddJobs(List<Cell[]> lines, TopState state, int width, int height)
    {
        IReadOnlyList<ListedJob> jobs = state.Jobs;
        int room = height - lines.Count - 2;
        if (jobs.Count == 0)
        {
            lines.Add([Cut(state.Filter.Length > 0 ? "No job matches the filter." : "No jobs run or wait.", width)]);
            return;
        }
        int selected = state.ChosenRow;
        int first = Math.Clamp(selected - (room / 2), 0, Math.Max(0, jobs.Count - room));
        DateTimeOffset now = state.Activity!.At;
        Rows(lines, s_jobs, [.. jobs.Skip(first).Take(room).Select((job, i) => Job(job, first + i == selected, now))], width);
    }

    private static Cell[] Job(ListedJob listed, bool selected, DateTimeOffset now)
    {
        JobSummary job = listed.Summary;
        string parts = PartsText.Of(job);
        return [selected ? ">" : " ", Cell.Status(job.Status), parts.Length > 0 ? $"{job.JobName} ({parts.Trim('[', ']')})" : job.JobName,
            RelativeTime.Ago(job.CreatedAt, now),
            RelativeTime.Ago(job.StartedAt, now), listed.Queue, job.JobId];
    }

    private static void AddPage(List<Cell[]> lines, TopState state, int width, int height)
    {
        lines.Add([Cut(state.Title, width)]);
        int room = height - lines.Count - 1;
        int start = Math.Max(0, state.Page.Count - room - state.Scroll);
        foreach (string line in state.Page.Skip(start).Take(room)) lines.Add([Cut(line, width)]);
    }

    private static void Rows(List<Cell[]> lines, Column[] columns, Cell[][] rows, int width)
    {
        rows = [.. rows.Select(Table.Visible)];
        int[] widths = Table.Widths(columns, rows, width);
        lines.Add(Table.Line(columns, widths, [.. columns.Select(c => new Cell(c.Title, Tone.Dim))], cut: true));
        foreach (Cell[] row in rows) lines.Add(Table.Line(columns, widths, row, cut: true));
    }

    private static string Cut(string line, int width)
    {
        line = VisibleText.OfLine(line);
        return line.Length <= width ? line : line[..Math.Max(0, width - 1)] + "…";
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag sweep show MANIFEST</c>: the jobs of a sweep, with what they were given and how good they are.</summary>
internal static class SweepVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The manifest of a sweep", "manifest");
        Option<string?> sort = new("--sort") { Description = "The metric to order by, the least first; -METRIC: the greatest first." };
        Option<bool> csv = new("--csv") { Description = "Print comma-separated values." };
        Command show = options.Verb("show", "Show a sweep's jobs with their overrides, states and last metrics.", sort, csv);
        show.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (options.Plain(parsed) is not [var path])
                return context.Refuse([NoManifest(options.Plain(parsed).Count)]);
            string full = Path.GetFullPath(path, context.WorkingDirectory);
            if (!(await SweepManifestLog.ReadAsync(full, cancellationToken))
                .TryGet(out SweepRecord? sweep, out IReadOnlyList<Problem> problems))
            {
                return context.Refuse(problems);
            }
            SweepMetrics metrics = new(session, session.Terminal.Note);
            SweepTable table = await SweepTable.ReadAsync(sweep, session.Batch, metrics.ReadAsync, cancellationToken);
            if (parsed.GetValue(sort) is { } metric) table = Sorted(session, table, metric);
            if (session.Json) PrintJson(session, table);
            else if (parsed.GetValue(csv)) PrintCsv(session, table);
            else Print(session, table);
            return ExitCodes.Success;
        }));
        return new Command("sweep", "See what became of a sweep.") { show };
    }

    private static Problem NoManifest(int words) => new()
    {
        Code = "RF8040",
        What = words == 0 ? "No manifest is named" : $"{words} manifests are named, and one is wanted",
        Cure = "Name the file that refrag run -m printed. It lies in outputs/sweeps if you named no other.",
    };

    private static SweepTable Sorted(QuerySession session, SweepTable table, string metric)
    {
        string name = metric.TrimStart('-');
        if (!table.Metrics.Contains(name, StringComparer.Ordinal))
        {
            session.Terminal.Note(table.Metrics.Count == 0
                ? "No job has stored a metrics.jsonl yet."
                : $"No job has a metric {name}; there are {string.Join(", ", table.Metrics)}.");
        }
        return table.SortedBy(metric);
    }

    private static void Print(QuerySession session, SweepTable sweep)
    {
        IReadOnlyList<string> metrics = sweep.Metrics;
        Table table = new(session.Terminal,
        [
            new("JOB", Right: true), new("OVERRIDES", Least: 10), new("STATUS"),
            .. metrics.Select(name => new Column(name.ToUpperInvariant(), Right: true, Drop: 1)),
        ]);
        foreach (SweepRow row in sweep.Rows) table.Add(
        [
            row.Job.ToString(CultureInfo.InvariantCulture), string.Join(' ', row.Overrides), Cell.Status(row.Status),
            .. metrics.Select(name => new Cell(Text(row, name))),
        ]);
        table.Flush();
    }

    private static void PrintJson(QuerySession session, SweepTable sweep)
    {
        foreach (SweepRow row in sweep.Rows) session.Terminal.Output(JsonOutput.Line(SweepJobLine.Of(row), JobsJson.Default.SweepJobLine));
    }

    private static void PrintCsv(QuerySession session, SweepTable sweep)
    {
        IReadOnlyList<string> metrics = sweep.Metrics;
        IReadOnlyList<string> keys = sweep.Keys;
        Line(session, ["job", "status", "jobId", .. keys, .. metrics]);
        foreach (SweepRow row in sweep.Rows)
        {
            IReadOnlyDictionary<string, string> values = row.Values();
            Line(session,
            [
                row.Job.ToString(CultureInfo.InvariantCulture), row.Status, row.JobId ?? "",
                .. keys.Select(key => values.GetValueOrDefault(key, "")), .. metrics.Select(name => Text(row, name)),
            ]);
        }
    }

    private static void Line(QuerySession session, IEnumerable<string> fields) =>
        session.Terminal.Output(string.Join(',', fields.Select(Field)));

    // (RFC 4180)
    private static string Field(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Text(SweepRow row, string name)
    {
        if (row.Metrics is not { } metrics || !metrics.TryGetValue(name, out JsonElement value)) return "";
        return value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}

/// <summary>A line of <c>refrag sweep show --json</c>: one job of a sweep.</summary>
internal sealed record SweepJobLine
{
    /// <summary>The job's index in the sweep, from 0.</summary>
    public required long Job { get; init; }

    /// <summary>The overrides that the job has and not all others.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>The id of its newest job in Batch; left out if it was not submitted.</summary>
    public string? JobId { get; init; }

    /// <summary>The job's state, as AWS names it; what the manifest says of it if Batch does not know it.</summary>
    public required string Status { get; init; }

    /// <summary>The members of the last line of its newest <c>metrics.jsonl</c>; left out if it has stored none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metrics { get; init; }

    public static SweepJobLine Of(SweepRow row) => new()
    {
        Job = row.Job,
        Overrides = row.Overrides,
        JobId = row.JobId,
        Status = row.Status,
        Metrics = row.Metrics,
    };
}

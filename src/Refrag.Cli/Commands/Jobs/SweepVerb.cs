using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Composition.Sweeps;
using Refrag.Monitoring;
using Refrag.Results;
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
            SweepTable table = await SweepTable.ReadAsync(session, sweep, cancellationToken);
            if (parsed.GetValue(sort) is { } metric) table = table.SortedBy(metric);
            if (session.Json) table.PrintJson();
            else if (parsed.GetValue(csv)) table.PrintCsv();
            else table.Print();
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

    /// <summary>The jobs of a sweep as they are shown.</summary>
    private sealed class SweepTable
    {
        private readonly QuerySession _session;
        private readonly IReadOnlyList<SweepJobLine> _rows;

        private SweepTable(QuerySession session, IReadOnlyList<SweepJobLine> rows) => (_session, _rows) = (session, rows);

        // In the order in which the rows name them.
        private IReadOnlyList<string> Metrics => [.. _rows.SelectMany(row => row.Metrics?.Keys ?? []).Distinct(StringComparer.Ordinal)];

        public static async Task<SweepTable> ReadAsync(QuerySession session, SweepRecord sweep, CancellationToken cancellationToken)
        {
            IReadOnlyDictionary<long, string> ids = sweep.JobIds();
            Dictionary<string, JobDetail> known = new(StringComparer.Ordinal);
            await foreach (JobDetail job in new JobLister(session.Batch).DescribeAsync(ids.Values.Distinct(), cancellationToken))
                known[job.JobId] = job;
            // What all have in common says nothing of one of them.
            HashSet<string> common = sweep.Jobs.Count > 1
                ? [.. sweep.Jobs.Select(job => job.Job.Overrides).Aggregate((all, one) => [.. all.Intersect(one)])]
                : [];
            MetricsReader metrics = new(session);
            List<SweepJobLine> rows = [];
            foreach (ManifestJob job in sweep.Jobs)
            {
                string? id = ids.GetValueOrDefault(job.Job.Index);
                JobDetail? detail = id is null ? null : known.GetValueOrDefault(id);
                rows.Add(new SweepJobLine
                {
                    Job = job.Job.Index,
                    Overrides = [.. job.Job.Overrides.Where(word => !common.Contains(word))],
                    JobId = id,
                    Status = detail?.Status ?? Name(job.Status),
                    Metrics = detail is null ? null : await metrics.ReadAsync(detail, cancellationToken),
                });
            }
            return new SweepTable(session, rows);
        }

        /// <summary>The same in the order of a metric; rows without it come last.</summary>
        public SweepTable SortedBy(string metric)
        {
            bool isDown = metric.StartsWith('-');
            string name = isDown ? metric[1..] : metric;
            if (!Metrics.Contains(name, StringComparer.Ordinal))
            {
                _session.Terminal.Note(Metrics.Count == 0
                    ? "No job has stored a metrics.jsonl yet."
                    : $"No job has a metric {name}; there are {string.Join(", ", Metrics)}.");
            }
            IEnumerable<SweepJobLine> sorted = _rows.OrderBy(row => Number(row, name) is null)
                .ThenBy(row => row.Metrics?.ContainsKey(name) != true)
                .ThenBy(row => Number(row, name) is { } number ? (isDown ? -number : number) : 0).ThenBy(row => row.Job);
            return new SweepTable(_session, [.. sorted]);
        }

        public void Print()
        {
            IReadOnlyList<string> metrics = Metrics;
            Table table = new(_session.Terminal,
            [
                new("JOB", Right: true), new("OVERRIDES", Least: 10), new("STATUS"),
                .. metrics.Select(name => new Column(name.ToUpperInvariant(), Right: true, Drop: 1)),
            ]);
            foreach (SweepJobLine row in _rows) table.Add(
            [
                row.Job.ToString(CultureInfo.InvariantCulture), string.Join(' ', row.Overrides), Cell.Status(row.Status),
                .. metrics.Select(name => new Cell(Text(row, name))),
            ]);
            table.Flush();
        }

        public void PrintJson()
        {
            foreach (SweepJobLine row in _rows) _session.Terminal.Output(JsonOutput.Line(row, JobsJson.Default.SweepJobLine));
        }

        public void PrintCsv()
        {
            IReadOnlyList<string> metrics = Metrics;
            string[] keys = [.. _rows.SelectMany(row => row.Overrides.Select(Key)).Distinct(StringComparer.Ordinal)];
            Line(["job", "status", "jobId", .. keys, .. metrics]);
            foreach (SweepJobLine row in _rows)
            {
                Dictionary<string, string> values = row.Overrides.GroupBy(Key, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => group.Last()[(group.Key.Length + 1)..], StringComparer.Ordinal);
                Line(
                [
                    row.Job.ToString(CultureInfo.InvariantCulture), row.Status, row.JobId ?? "",
                    .. keys.Select(key => values.GetValueOrDefault(key, "")), .. metrics.Select(name => Text(row, name)),
                ]);
            }
        }

        private void Line(IEnumerable<string> fields) => _session.Terminal.Output(string.Join(',', fields.Select(Field)));

        // (RFC 4180)
        private static string Field(string text) =>
            text.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

        private static string Key(string word) => word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? word[..at] : word;

        // Null also of NaN and infinities: in neither order are they the best.
        private static double? Number(SweepJobLine row, string name) =>
            row.Metrics is { } metrics && metrics.TryGetValue(name, out JsonElement value) && value.ValueKind is JsonValueKind.Number
                && value.TryGetDouble(out double number) && double.IsFinite(number)
                    ? number
                    : null;

        private static string Text(SweepJobLine row, string name)
        {
            if (row.Metrics is not { } metrics || !metrics.TryGetValue(name, out JsonElement value)) return "";
            return value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }

        private static string Name(Composition.Sweeps.JobStatus status) => status.ToString().ToUpperInvariant();
    }

    /// <summary>Reads the metrics of jobs. A store that fails hides metrics, and nothing else.</summary>
    private sealed class MetricsReader(QuerySession session)
    {
        private readonly HashSet<string> _said = new(StringComparer.Ordinal);
        private bool _isRefused;

        /// <summary>The job's last metrics; null if it has none, or if they cannot be read, which is said once.</summary>
        public async Task<IReadOnlyDictionary<string, JsonElement>?> ReadAsync(JobDetail job, CancellationToken cancellationToken)
        {
            // What refuses one job's files refuses those of the others, perhaps after many tries.
            if (_isRefused) return null;
            try
            {
                if (!(await StoredResults.OfAsync(session, job, cancellationToken)).TryGet(out StoredResults? results, out _)) return null;
                using (results)
                {
                    await foreach (JobResults part in results.PartsAsync(most: null, cancellationToken))
                    {
                        if (await LastMetrics.ReadAsync(part, cancellationToken) is { } metrics) return metrics;
                    }
                }
            }
            catch (Exception fault) when (ResultStores.IsFault(fault))
            {
                _isRefused = fault is AwsException;
                string why = ResultStores.Why(fault);
                if (_said.Add(why)) session.Terminal.Note($"The results of job {job.JobId} cannot be read: {why}");
            }
            return null;
        }
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
}

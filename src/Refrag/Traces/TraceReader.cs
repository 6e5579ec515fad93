using System.Text.Json;
using Refrag.Costs;

namespace Refrag.Traces;

/// <summary>
/// Reads a workload: a trace in CSV or JSON lines (docs/concepts/simulation.md), or what <c>sacct --parsable2</c> prints. Which of them a
/// file is, its first line says.
/// </summary>
public static class TraceReader
{
    // No instance type of EC2 that Batch takes has more than 8 NVIDIA GPUs today, beside the retired p2.16xlarge.
    private const int MostGpusOfAHost = 8;
    private const int MostVCpus = 1_000_000;
    private const int MostMemoryMiB = 1 << 30;
    private const int MostGpus = 10_000;

    // (API SubmitJob, retryStrategy and schedulingPriorityOverride)
    private const int MostAttempts = 10;
    private const int MostPriority = 9999;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">What the user calls it.</param>
    public static Result<Workload> Read(string path, string shown)
    {
        try
        {
            using var text = new StreamReader(path);
            return Read(text, shown);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TraceProblem.Unreadable(shown, e.Message);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shown">What the user calls it.</param>
    public static Result<Workload> Read(TextReader text, string shown)
    {
        string? first = text.ReadLine()?.TrimStart('\uFEFF');
        if (string.IsNullOrWhiteSpace(first)) return TraceProblem.Empty(shown);
        if (first[0] == '{') return Lines(text, first, shown);
        return SacctReader.IsHeader(first) ? SacctReader.Read(text, first, shown) : Table(text, first, shown);
    }

    private static Result<Workload> Table(TextReader text, string header, string shown)
    {
        string[] names = [.. CsvRecords.Read(new StringReader(header)).SelectMany(static cells => cells).Select(cell => cell.Trim())];
        if (TraceColumns.Check(shown, 1, names) is { Count: > 0 } wrong) return Result<Workload>.Failure(wrong);
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        foreach ((int at, string name) in names.Index())
        {
            if (TraceColumns.Find(name) is { } known) columns[known] = at;
        }
        IReadOnlyList<string> record = [];
        List<Problem> problems = [];
        var fields = new TraceFields(shown, problems) { Value = name => columns.TryGetValue(name, out int at) ? record[at].Trim() : null };
        var jobs = new WorkloadBuilder();
        foreach ((int line, IReadOnlyList<string> values) in CsvRecords.ReadWithLines(text))
        {
            if (values is [""]) continue;
            // The header was read before.
            (record, fields.Line) = (values, line + 1);
            if (values.Count == names.Length) Add(jobs, fields);
            else problems.Add(TraceProblem.At(shown, fields.Line, $"the line has {values.Count} values, and the header has {names.Length}",
                "Write one value for each column."));
            if (fields.IsFull) break;
        }
        return Finish(jobs, problems, shown, [.. names.Where(name => TraceColumns.Find(name) is null)]);
    }

    private static Result<Workload> Lines(TextReader text, string first, string shown)
    {
        List<Problem> problems = [];
        HashSet<string> ignored = new(StringComparer.Ordinal);
        Dictionary<string, string?> record = new(StringComparer.Ordinal);
        var fields = new TraceFields(shown, problems) { Value = name => record.GetValueOrDefault(name) };
        var jobs = new WorkloadBuilder();
        int line = 1;
        for (string? one = first; one is not null && !fields.IsFull; one = text.ReadLine(), line++)
        {
            if (string.IsNullOrWhiteSpace(one)) continue;
            fields.Line = line;
            if (!Members(one, record, ignored, out string? fault))
            {
                problems.Add(TraceProblem.At(shown, line, $"this is not a JSON object: {fault}", "Write one object a line."));
                continue;
            }
            if (line == 1 && TraceColumns.Check(shown, 1, [.. record.Keys, .. ignored]) is { Count: > 0 } wrong)
                return Result<Workload>.Failure(wrong);
            Add(jobs, fields);
        }
        return Finish(jobs, problems, shown, ignored);
    }

    private static bool Members(string line, Dictionary<string, string?> record, HashSet<string> ignored, out string? fault)
    {
        record.Clear();
        fault = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            fault = $"it is {document.RootElement.ValueKind}";
            if (document.RootElement.ValueKind is not JsonValueKind.Object) return false;
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                string? value = member.Value.ValueKind is JsonValueKind.Null ? null : member.Value.ToString();
                if (TraceColumns.Find(member.Name) is { } known) record[known] = value;
                else ignored.Add(member.Name);
            }
            return true;
        }
        catch (JsonException e)
        {
            fault = e.Message;
            return false;
        }
    }

    private static void Add(WorkloadBuilder jobs, TraceFields fields)
    {
        long? submitted = fields.Date(TraceColumns.SubmitTime) ?? fields.Time(TraceColumns.SubmitSeconds);
        bool isDated = fields.Value(TraceColumns.SubmitTime) is { Length: > 0 };
        long? runs = fields.Time(TraceColumns.Run);
        if (submitted is null && !fields.HasProblems) fields.Missing(TraceColumns.SubmitSeconds);
        if (runs is null && !fields.HasProblems) fields.Missing(TraceColumns.Run);
        int gpus = fields.Whole(TraceColumns.Gpus, 0, MostGpus) ?? 0;
        int nodes = fields.Whole(TraceColumns.Nodes, 1, MostGpus) ?? 1;
        // Traces without nodes have jobs of more GPUs than a host: those run on several.
        if (nodes == 1 && gpus > MostGpusOfAHost) nodes = (gpus + MostGpusOfAHost - 1) / MostGpusOfAHost;
        int milli = fields.Thousandths(TraceColumns.VCpus, MostVCpus) ?? (gpus == 0 ? 1000 : gpus * MostGpusOfAHost * 1000);
        int memory = fields.Whole(TraceColumns.Memory, 0, MostMemoryMiB)
            ?? (int)Math.Min(MostMemoryMiB, (milli + 999L) / 1000 * TraceJob.MemoryOfVCpu);
        var job = new TraceJob
        {
            Id = fields.Value(TraceColumns.Id) is { Length: > 0 } id ? id : null,
            Line = fields.Line,
            SubmittedAt = submitted ?? 0,
            Runs = runs ?? 0,
            MilliVCpus = Math.Max(TraceJob.LeastMilliVCpus, milli / nodes),
            MemoryMiB = Math.Max(TraceJob.LeastMemoryMiB, memory / nodes),
            Gpus = (gpus + nodes - 1) / nodes,
            Nodes = nodes,
            Attempts = fields.Whole(TraceColumns.Attempts, 1, MostAttempts) ?? 1,
            Priority = fields.Whole(TraceColumns.Priority, 0, MostPriority) ?? 0,
            Timeout = fields.Time(TraceColumns.Timeout) ?? 0,
            Queue = fields.Text(TraceColumns.Queue),
            Share = fields.Text(TraceColumns.Share),
            Name = fields.Text(TraceColumns.Name),
        };
        // After a problem the file is only read for further ones.
        if (!fields.HasProblems) jobs.Add(job, isDated);
    }

    private static Result<Workload> Finish(
        WorkloadBuilder jobs, List<Problem> problems, string shown, HashSet<string> ignored)
    {
        if (problems.Count > 0) return Result<Workload>.Failure(problems);
        if (jobs.Count == 0) return TraceProblem.Empty(shown);
        if (ignored.Count > 0) jobs.Notes.Add($"Columns of {shown} that a trace does not have are ignored: {string.Join(", ", ignored)}.");
        return jobs.Finish(shown);
    }
}

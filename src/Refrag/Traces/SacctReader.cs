using System.Globalization;

namespace Refrag.Traces;

/// <summary>
/// Reads what <c>sacct --parsable2</c> or <c>--parsable</c> prints, by the names of its columns. Steps of jobs are left out, and so are
/// jobs that have not ended. (Slurm, sacct(1), "Job Accounting Fields")
/// </summary>
internal static class SacctReader
{
    private static readonly string[] s_ids = ["JobID", "JobIDRaw"];
    private static readonly string[] s_lengths = ["ElapsedRaw", "Elapsed"];
    private static readonly string[] s_tres = ["ReqTRES", "AllocTRES"];
    private static readonly string[] s_cpus = ["ReqCPUS", "NCPUS", "AllocCPUS"];
    private static readonly string[] s_nodes = ["NNodes", "AllocNodes", "ReqNodes"];
    private static readonly string[] s_open = ["PENDING", "RUNNING", "REQUEUED", "SUSPENDED", "RESIZING"];

    private static readonly Dictionary<char, double> s_mebibytes = new() { ['K'] = 1 / 1024.0, ['M'] = 1, ['G'] = 1024, ['T'] = 1 << 20 };

    /// <summary>Whether a line names sacct's columns.</summary>
    public static bool IsHeader(string line)
    {
        string[] names = line.Split('|');
        return names.Length > 1 && s_ids.Any(id => names.Contains(id, StringComparer.OrdinalIgnoreCase));
    }

    public static Result<Workload> Read(TextReader text, string header, string shown)
    {
        string[] names = header.Split('|');
        if (Lacking(names) is { } lacking)
        {
            return TraceProblem.At(shown, 1, $"the column {lacking} is missing",
                "Print it: sacct --parsable2 --format=JobID,JobName,Partition,Account,Submit,ElapsedRaw,ReqTRES,NNodes,Timelimit,State.");
        }
        var row = new SacctRow(names);
        var jobs = new WorkloadBuilder();
        List<Problem> problems = [];
        (int open, int unstarted) = (0, 0);
        int line = 1;
        while (text.ReadLine() is { } one && problems.Count < TraceProblem.Most)
        {
            line++;
            if (one.Length == 0) continue;
            row.Values = one.Split('|');
            // 12.batch, 12.extern and 12.0 are steps of job 12.
            if (row.First(s_ids) is not { } id || id.Contains('.', StringComparison.Ordinal)) continue;
            if (row.First("State") is { } state && s_open.Contains(state.Split(' ')[0])) open++;
            else if (Job(row, id, line) is not { } job)
                problems.Add(TraceProblem.At(shown, line, $"job {id} has no valid {row.Wrong}", "Correct this line, or remove it.", one));
            else if (job.Runs == 0) unstarted++;
            else jobs.Add(job, isDated: true);
        }
        if (problems.Count > 0) return Result<Workload>.Failure(problems);
        if (jobs.Count == 0) return TraceProblem.Empty(shown);
        if (open > 0) jobs.Notes.Add($"{open} jobs of {shown} had not ended, and are left out.");
        if (unstarted > 0) jobs.Notes.Add($"{unstarted} jobs of {shown} never ran, and are left out.");
        return jobs.Finish(shown);
    }

    private static string? Lacking(string[] names)
    {
        bool Has(string[] any) => any.Any(name => names.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (!Has(["Submit"])) return "Submit";
        return Has(s_lengths) ? null : "ElapsedRaw";
    }

    private static TraceJob? Job(SacctRow row, string id, int line)
    {
        // sacct prints local times without a zone; only their differences count.
        if (!DateTimeOffset.TryParse(row.First("Submit"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var submit))
            return row.IsWrong("Submit");
        if (Length(row.First(s_lengths)) is not { } runs) return row.IsWrong("Elapsed");
        Dictionary<string, string> tres = Tres(row.First(s_tres));
        int nodes = (int)Math.Max(1, Count(row.First(s_nodes)) ?? 1);
        if (Count(tres.GetValueOrDefault("cpu") ?? row.First(s_cpus) ?? "1") is not { } cpus) return row.IsWrong("number of CPUs");
        if (Memory(tres, row.First("ReqMem"), cpus, nodes) is not { } memory) return row.IsWrong("ReqMem");
        double gpus = tres.Where(one => one.Key.StartsWith("gres/gpu", StringComparison.Ordinal)).OrderBy(one => one.Key.Length)
            .Select(one => Count(one.Value) ?? 0).FirstOrDefault();
        return new TraceJob
        {
            Id = id,
            Line = line,
            SubmittedAt = submit.ToUnixTimeMilliseconds(),
            Runs = runs,
            MilliVCpus = (int)Math.Clamp(cpus * 1000 / nodes, 250, int.MaxValue),
            MemoryMiB = (int)Math.Clamp(memory / nodes, 4, int.MaxValue),
            Gpus = (int)Math.Ceiling(gpus / nodes),
            Nodes = nodes,
            Attempts = 1,
            Timeout = Length(row.First("Timelimit")) ?? 0,
            Queue = row.Shared("Partition"),
            Share = row.Shared("Account") ?? row.Shared("User"),
            Name = row.Shared("JobName"),
        };
    }

    // Of the whole job; without a figure 4 GiB a CPU. ReqMem of before Slurm 21.08 ends in n for each node or in c for each CPU.
    private static double? Memory(Dictionary<string, string> tres, string? asked, double cpus, int nodes)
    {
        if (tres.GetValueOrDefault("mem") is { } all) return MebiBytes(all);
        if (asked is null or "" or "0") return cpus * TraceJob.MemoryOfVCpu;
        double times = asked[^1] switch { 'n' => nodes, 'c' => cpus, _ => 1 };
        return MebiBytes(asked.TrimEnd('n', 'c')) * times;
    }

    private static double? MebiBytes(string text)
    {
        if (text.Length == 0) return null;
        double unit = s_mebibytes.GetValueOrDefault(char.ToUpperInvariant(text[^1]), 0);
        return Count(unit > 0 ? text[..^1] : text) * (unit > 0 ? unit : 1);
    }

    private static double? Count(string? text) =>
        double.TryParse(text?.TrimEnd('K', 'k'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            ? text![^1] is 'K' or 'k' ? count * 1000 : count
            : null;

    // billing=4,cpu=4,gres/gpu=1,mem=16G,node=1
    private static Dictionary<string, string> Tres(string? text)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (string one in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = one.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) found[one[..equals]] = one[(equals + 1)..];
        }
        return found;
    }

    // Seconds, or [DD-[HH:]]MM:SS; UNLIMITED and Partition_Limit are none. In milliseconds.
    private static long? Length(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)) return seconds * 1000;
        int hyphen = text.IndexOf('-', StringComparison.Ordinal);
        if (!int.TryParse(hyphen < 0 ? "0" : text[..hyphen], NumberStyles.None, CultureInfo.InvariantCulture, out int days)) return null;
        double total = 0;
        foreach (string part in text[(hyphen + 1)..].Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return null;
            total = (total * 60) + number;
        }
        return (long)((total + (days * 86_400.0)) * 1000);
    }
}

/// <summary>A line of sacct's by the names of its columns.</summary>
internal sealed class SacctRow(string[] names)
{
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);

    public string[] Values { get; set; } = [];

    /// <summary>What was found to be wrong with it.</summary>
    public string Wrong { get; private set; } = "";

    /// <summary>The first of these columns that has a value; null if none has.</summary>
    public string? First(params string[] columns)
    {
        foreach (string column in columns)
        {
            int at = Array.FindIndex(names, name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
            if (at >= 0 && at < Values.Length && Values[at].Length > 0) return Values[at];
        }
        return null;
    }

    /// <summary>The value of a column, one object for all lines that have it.</summary>
    public string? Shared(string column)
    {
        if (First(column) is not { } value) return null;
        if (_shared.TryGetValue(value, out string? known)) return known;
        _shared.Add(value, value);
        return value;
    }

    public TraceJob? IsWrong(string what)
    {
        Wrong = what;
        return null;
    }
}

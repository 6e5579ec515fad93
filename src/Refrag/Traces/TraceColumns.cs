namespace Refrag.Traces;

/// <summary>The columns of a trace, and what they are called elsewhere.</summary>
internal static class TraceColumns
{
    public const string Id = "job_id";
    public const string SubmitSeconds = "submit_s";
    public const string SubmitTime = "submit_time";
    public const string Run = "run_s";
    public const string VCpus = "vcpus";
    public const string Memory = "memory_mib";
    public const string Gpus = "gpus";
    public const string Nodes = "nodes";
    public const string Attempts = "attempts";
    public const string Timeout = "timeout_s";
    public const string Queue = "queue";
    public const string Share = "share";
    public const string Priority = "priority";
    public const string Name = "name";

    // The names that the published traces of Alibaba and Microsoft have in the form in which they are passed on.
    private static readonly Dictionary<string, string> s_otherNames = new(StringComparer.Ordinal)
    {
        ["duration_s"] = Run,
        ["cpus"] = VCpus,
        ["virtual_cluster"] = Share,
    };

    /// <summary>All of them, in the order in which they are written.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Id, SubmitSeconds, SubmitTime, Run, VCpus, Memory, Gpus, Nodes, Attempts, Timeout, Queue, Share, Priority, Name,
    ];

    /// <summary>The column that a name in a file means; null for none of them.</summary>
    public static string? Find(string name) => All.Contains(name) ? name : s_otherNames.GetValueOrDefault(name);

    /// <summary>
    /// What is wrong with the names that a file has: one that is needed is missing, or one is so near to a known name that it is a slip.
    /// Others are ignored.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line on which the names stand.</param>
    /// <param name="names">The names.</param>
    public static IReadOnlyList<Problem> Check(string file, int line, IReadOnlyCollection<string> names)
    {
        List<Problem> problems = [];
        string[] found = [.. names.Select(Find).OfType<string>()];
        foreach (string name in names.Where(name => Find(name) is null))
        {
            if (Suggestion.Nearest(name, All.Except(found)) is { } near)
                problems.Add(TraceProblem.At(file, line, $"a trace has no column {name}", $"Name it {near}, or remove it."));
        }
        if (!found.Contains(SubmitSeconds) && !found.Contains(SubmitTime))
            problems.Add(Needed(file, line, $"{SubmitSeconds} or {SubmitTime}", names));
        if (!found.Contains(Run)) problems.Add(Needed(file, line, Run, names));
        if (found.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            problems.Add(TraceProblem.At(file, line, $"two columns say {twice}", "Remove one of them."));
        return problems;
    }

    private static Problem Needed(string file, int line, string column, IReadOnlyCollection<string> names) =>
        TraceProblem.At(file, line, $"the column {column} is missing", $"Add it. The columns here are {string.Join(", ", names)}.");
}

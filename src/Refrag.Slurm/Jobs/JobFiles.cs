using System.Globalization;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Jobs;

/// <summary>One start of a job, of a task or of a node, as the script has written it down.</summary>
/// <param name="Number">The attempt, from 1.</param>
/// <param name="StartedAt">Seconds since 1970; null if that is not written.</param>
/// <param name="Nodes">The nodes that it had.</param>
/// <param name="ExitCode">Its exit code; null if it has written none: it runs, or was killed.</param>
/// <param name="EndedAt">Seconds since 1970; null if it has written no end.</param>
/// <param name="NodeCodes">The exit codes of its nodes.</param>
/// <param name="WasStopped">Whether SIGTERM came before its end.</param>
internal sealed record AttemptFiles(
    int Number, long? StartedAt, string? Nodes, int? ExitCode, long? EndedAt, IReadOnlyDictionary<int, int> NodeCodes,
    bool WasStopped = false);

/// <summary>What is written of one job or of one task of an array.</summary>
/// <param name="Attempts">Its starts, oldest first.</param>
/// <param name="EndedBy">Who ended it or refused to start it, in words; null if that is not written.</param>
/// <param name="IsOfArray">Whether that is written of the array and not of this task.</param>
internal sealed record PartFiles(IReadOnlyList<AttemptFiles> Attempts, string? EndedBy, bool IsOfArray = false)
{
    public static PartFiles None { get; } = new([], null);

    /// <summary>The exit code of the last start; null if it has none.</summary>
    public int? ExitCode => Attempts is [.., { } last] ? last.ExitCode : null;

    /// <summary>
    /// Who ended a job that Slurm shows so; null if that is not written of it. What is written of an array is that of a task only where the
    /// task was cancelled, or is forgotten: it may have ended otherwise before.
    /// </summary>
    public string? EndedByAs(QueueRow? row) => IsOfArray && row is not null and not { State: "CANCELLED" } ? null : EndedBy;

    /// <summary>Whether the last start ended after SIGTERM.</summary>
    public bool WasStopped => Attempts is [.., { WasStopped: true }];
}

/// <summary>The folder of a job.</summary>
/// <param name="Id">The job's id.</param>
/// <param name="Request">The request that it was submitted with; null if that is not there or is damaged.</param>
/// <param name="SlurmId">Slurm's id; null as long as no answer and no start has written it.</param>
/// <param name="Parts">What is written by task; of a job that is no array under -1.</param>
internal sealed record JobFiles(string Id, SubmitJobRequest? Request, string? SlurmId, IReadOnlyDictionary<int, PartFiles> Parts)
{
    /// <summary>The key of a job that is no array.</summary>
    public const int Whole = -1;

    public PartFiles Part(int? task)
    {
        PartFiles part = Parts.GetValueOrDefault(task ?? Whole) ?? PartFiles.None;
        // What ended an array ended those of its tasks that never started.
        return task is not null && part is { Attempts: [], EndedBy: null } && Part(null).EndedBy is { } who
            ? part with { EndedBy = who, IsOfArray = true }
            : part;
    }
}

/// <summary>Reads the small files of jobs, as <c>grep -H</c> prints them: <c>./ID/3/attempt-1/exit:0 …</c>.</summary>
internal static class JobFileReader
{
    private const string Request = "request.json";

    /// <summary>A script that prints the files of some jobs, or of all.</summary>
    /// <param name="folder">The folder of all jobs.</param>
    /// <param name="ids">The jobs' ids; null for all.</param>
    public static string Script(string folder, IEnumerable<string>? ids)
    {
        string[]? named = ids?.Select(id => $"./{ShellWord.Quote(id)}").ToArray();
        if (named is []) return "exit 0\n";
        // A folder that is not there holds no job; one that cannot be entered says nothing.
        string enter = $"[ -e {ShellWord.Quote(folder)} ] || exit 0\ncd {ShellWord.Quote(folder)} || exit 1\n";
        // Of all jobs some are other users', or are being removed.
        return named is null
            ? $"{enter}find . {Wanted} -exec grep -H '' {{}} + 2>/dev/null\nexit 0\n"
            : $"{enter}{Named(string.Join(' ', named))}";
    }

    private const string Wanted =
        $"-type f \\( -name {Request} -o -name slurm -o -name started -o -name exit -o -name 'node-*.exit' -o -name ended-by \\)";

    // What cannot be read of a job that is asked for is not absent. Another user's folder is left out, of whose job the queue alone speaks.
    // A file may be removed while it is looked for, so it is tried again; grep's 1 is a file that is empty yet.
    private static string Named(string ids) => $$"""
        set --
        for refrag_job in {{ids}}; do
          [ -e "$refrag_job" ] || continue
          if [ -O "$refrag_job" ] || { [ -r "$refrag_job" ] && [ -x "$refrag_job" ]; }; then set -- "$@" "$refrag_job"; fi
        done
        [ "$#" -gt 0 ] || exit 0
        for refrag_turn in 1 2 3; do
          refrag_found=$(find "$@" {{Wanted}} -exec sh -c 'grep -H "" "$@" || [ "$?" = 1 ]' sh {} +) || continue
          [ -z "$refrag_found" ] || printf '%s\n' "$refrag_found"
          exit 0
        done
        exit 1

        """;

    /// <summary>The jobs' folders.</summary>
    public static IReadOnlyDictionary<string, JobFiles> Parse(string output)
    {
        Dictionary<string, List<(string[] Path, string Content)>> files = new(StringComparer.Ordinal);
        foreach (string line in output.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string[] path = colon > 0 ? line[..colon].Split('/') : [];
            if (path is not [".", { } id, _, ..]) continue;
            if (!files.TryGetValue(id, out List<(string[] Path, string Content)>? all)) files[id] = all = [];
            all.Add((path[2..], line[(colon + 1)..]));
        }
        return files.ToDictionary(one => one.Key, one => Job(one.Key, one.Value), StringComparer.Ordinal);
    }

    private static JobFiles Job(string id, List<(string[] Path, string Content)> files)
    {
        ILookup<int, (string[] Path, string Content)> parts = files.ToLookup(file => PartOf(file.Path));
        return new JobFiles(
            id, files.Where(file => file.Path is [Request]).Select(file => RequestOf(file.Content)).FirstOrDefault(),
            Content("slurm"),
            parts.ToDictionary(part => part.Key, part => Part(part.Key < 0 ? part : part.Select(file => (file.Path[1..], file.Content)))));

        string? Content(string name) =>
            files.Where(file => file.Path is [{ } only] && only == name).Select(file => file.Content).FirstOrDefault();
    }

    private static int PartOf(string[] path) =>
        path.Length > 1 && int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out int task) ? task : JobFiles.Whole;

    private static SubmitJobRequest? RequestOf(string json)
    {
        try
        {
            return (SubmitJobRequest?)JsonSerializer.Deserialize(json, BatchOperations.SubmitJob.RequestJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PartFiles Part(IEnumerable<(string[] Path, string Content)> files)
    {
        SortedDictionary<int, AttemptFiles> attempts = [];
        string? endedBy = null;
        foreach ((string[] path, string content) in files)
        {
            if (path is ["ended-by"]) endedBy = content;
            if (path is not [{ } folder, { } name] || !folder.StartsWith("attempt-", StringComparison.Ordinal)
                || Number(folder["attempt-".Length..]) is not { } attempt) continue;
            int number = (int)attempt;
            AttemptFiles known = attempts.GetValueOrDefault(number)
                ?? new AttemptFiles(number, null, null, null, null, new Dictionary<int, int>());
            attempts[number] = With(known, name, content.Split(' '));
        }
        return new PartFiles([.. attempts.Values], endedBy);
    }

    private static AttemptFiles With(AttemptFiles attempt, string name, string[] words) => name switch
    {
        "started" when words is [_, var at, ..] => attempt with { StartedAt = Number(at), Nodes = words.Length > 2 ? words[2] : null },
        "exit" when words is [var code, var began, var ended, ..] => attempt with
        {
            ExitCode = (int?)Number(code),
            StartedAt = Number(began),
            EndedAt = Number(ended),
            WasStopped = words.Length > 3,
        },
        _ when name.StartsWith("node-", StringComparison.Ordinal) && Number(name[5..^5]) is { } node && Number(words[0]) is { } code =>
            attempt with { NodeCodes = new Dictionary<int, int>(attempt.NodeCodes) { [(int)node] = (int)code } },
        _ => attempt,
    };

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>Looks at every job after the last life of the server, and collects what should not be.</summary>
/// <param name="jobs">What was submitted.</param>
/// <param name="killed">The tasks that were killed under the engine.</param>
/// <param name="runs">What the jobs wrote of their starts and ends.</param>
internal sealed class CrashVerdict(CrashJobs jobs, IReadOnlySet<string> killed, IReadOnlyList<string> runs)
{
    private const string Host = "Host EC2 (instance ";
    private readonly List<string> _wrong = [];
    private readonly Dictionary<string,
        int> _starts = runs.Where(line => line.EndsWith(" start", StringComparison.Ordinal)).CountBy(line => line).ToDictionary();
    private readonly Dictionary<string, JsonNode> _found = [];

    /// <summary>Every job that the server knows, children included, by id.</summary>
    public IReadOnlyDictionary<string, JsonNode> Found => _found;

    /// <summary>Everything that is wrong.</summary>
    public async Task<IReadOnlyList<string>> JudgeAsync(CrashServer server)
    {
        await FindAsync(server);
        ILookup<string?, JsonNode> byName = _found.Values.Where(job => !IsChild(job)).ToLookup(job => (string?)job["jobName"]);
        foreach (CrashJob job in jobs.All) Judge(job, [.. byName[job.Name]]);
        foreach ((string line, int times) in _starts.Where(pair => pair.Value > 1)) _wrong.Add($"{line} happened {times} times");
        JudgeTokens();
        JsonNode token = await server.AskAsync("describeconsumableresource", new JsonObject { ["consumableResource"] = CrashJobs.Token });
        if ((long?)token["inUseQuantity"] != 0) _wrong.Add($"the token is still in use: {token.ToJsonString()}");
        return _wrong;
    }

    private async Task FindAsync(CrashServer server)
    {
        List<string> ids = [.. (await server.ListJobsAsync()).Select(job => (string)job["jobId"]!)];
        if (ids.Count != ids.Distinct(StringComparer.Ordinal).Count()) _wrong.Add("ListJobs shows a job twice");
        await DescribeAsync(server, ids);
        await DescribeAsync(server, _found.Values.ToList().SelectMany(Children));
    }

    private async Task DescribeAsync(CrashServer server, IEnumerable<string> ids)
    {
        foreach (string[] some in ids.Chunk(100))
        {
            JsonNode described =
                await server.AskAsync("describejobs", new JsonObject { ["jobs"] = new JsonArray([.. some.Select(id => (JsonNode)id)]) });
            foreach (JsonNode? job in described["jobs"]!.AsArray()) _found[(string)job!["jobId"]!] = job;
        }
    }

    private static bool IsChild(JsonNode job) => job["arrayProperties"]?["index"] is not null;

    private static IEnumerable<string> Children(JsonNode job) =>
        Enumerable.Range(0, (int?)job["arrayProperties"]?["size"] ?? 0).Select(i => Child((string)job["jobId"]!, i));

    private static string Child(string id, int index) => string.Create(CultureInfo.InvariantCulture, $"{id}:{index}");

    private void Judge(CrashJob job, IReadOnlyList<JsonNode> there)
    {
        if (there.Count > 1) _wrong.Add($"{job.Name} is there {there.Count} times");
        if (there is [])
        {
            if (job.Id is not null) _wrong.Add($"{job.Name} was answered with {job.Id} and is not there");
            return;
        }
        if (job.Id is not null && (string?)there[0]["jobId"] != job.Id)
            _wrong.Add($"{job.Name} was answered with {job.Id} and is {there[0]["jobId"]}");
        if (job.Kind.Size is { } size) JudgeArray(job, there[0], size);
        else JudgeOne(job, there[0], 0);
    }

    private void JudgeArray(CrashJob job, JsonNode parent, int size)
    {
        JsonNode[] children = [.. Children(parent).Select(id => _found[id])];
        for (int i = 0; i < size; i++) JudgeOne(job, children[i], i);
        int failed = children.Count(child => (string?)child["status"] == "FAILED");
        JsonNode summary = parent["arrayProperties"]!["statusSummary"]!;
        bool fits = (string?)parent["status"] == (failed > 0 ? "FAILED" : "SUCCEEDED") && (int?)summary["FAILED"] == failed
            && (int?)summary["SUCCEEDED"] == size - failed;
        if (!fits)
            _wrong.Add($"{job.Name} is {parent["status"]} with {summary.ToJsonString()}, and {failed} of its {size} children failed");
        if (job.Kind.Name != "sequential") return;
        for (int i = 1; i < size; i++)
        {
            if (First(children[i]) is { } first && Last(children[i - 1]) is { } last && first < last)
                _wrong.Add($"{job.Name}: child {i} did not wait for the one before it");
        }
    }

    // By what the jobs wrote down, because the servers' clocks differ.
    private int? First(JsonNode job) => LinesOf(job) is [var first, ..] ? first : null;

    private int? Last(JsonNode job) => LinesOf(job) is [.., var last] ? last : null;

    private int[] LinesOf(JsonNode job) =>
        [.. runs.Index().Where(line => line.Item.StartsWith($"{job["jobId"]} ", StringComparison.Ordinal)).Select(line => line.Index)];

    private void JudgeOne(CrashJob job, JsonNode found, int index)
    {
        string about = $"{job.Name} {found["jobId"]}: {found["status"]} ({found["statusReason"]})";
        JsonNode[] attempts = [.. (found["attempts"]?.AsArray() ?? []).Select(attempt => attempt!)];
        if (job.Kind.Name == "endless")
        {
            if ((string?)found["status"] != "FAILED" || ((string?)found["statusReason"] != CrashJobs.Enough && !attempts.Any(IsLost)))
                _wrong.Add($"{about}, and it was terminated");
            return;
        }
        if (job.Kind.Name == CrashKind.Limited && CrashClock.IsAvailable)
        {
            if ((string?)found["status"] != "FAILED"
                || (attempts is not [var one] || (!IsTimedOut(one) && !IsLost(one) && !WasKilled(one))))
                _wrong.Add($"{about}, and its time limit was over");
            return;
        }
        if (attempts.Length == 0)
        {
            bool mayNotRun = (job.Kind.Name == "sequential" && index > 0) || (job.After is not null && HasFailed(job, index));
            if (!mayNotRun || (string?)found["statusReason"] != "Dependent Job failed") _wrong.Add($"{about}, and it never ran");
            return;
        }
        if (job.After is not null && HasFailed(job, index)) _wrong.Add($"{about}, and ran though {job.After} failed");
        for (int i = 0; i < attempts.Length; i++) JudgeAttempt(job, attempts[i], (string)found["jobId"]!, index, i + 1, about);
        bool good = (int?)attempts[^1]["container"]!["exitCode"] == 0;
        if ((string?)found["status"] != (good ? "SUCCEEDED" : "FAILED")) _wrong.Add($"{about}, and its last attempt says otherwise");
        if (!good && attempts.Length != job.Kind.Attempts) _wrong.Add($"{about}, after {attempts.Length} of {job.Kind.Attempts} attempts");
        if (good && job.Kind.Name == CrashTask.Kind && !WasKilled(attempts[^1]) && CrashTask.Judge(found) is { } wrong)
            _wrong.Add($"{about}, and {wrong}");
        if (attempts[..^1].Any(attempt => (int?)attempt["container"]!["exitCode"] == 0))
            _wrong.Add($"{about}, and continued after a success");
    }

    private void JudgeAttempt(CrashJob job, JsonNode attempt, string id, int index, int number, string about)
    {
        int? code = (int?)attempt["container"]!["exitCode"];
        bool wasKilled = WasKilled(attempt);
        bool maySo = IsLost(attempt) || code == 137 || (code is null && job.Kind.Name == CrashTask.Kind);
        if (code != job.Kind.Code(number, index) && !(wasKilled && maySo))
            _wrong.Add($"{about}: attempt {number} ended with {code} ({attempt["statusReason"]}, {attempt["container"]!["reason"]})");
        if (code is not null && !wasKilled
            && _starts.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"{id} {number} start")) != 1)
            _wrong.Add($"{about}: attempt {number} is reported, and did not run once");
    }

    // Of a task of several containers, one was killed: its key is the task's, and a number.
    private bool WasKilled(JsonNode attempt) =>
        killed.Any(
            task => ((string?)attempt["container"]!["logStreamName"])?.EndsWith(task.Split('-')[0], StringComparison.Ordinal) == true);

    private static bool IsTimedOut(JsonNode attempt) =>
        ((string?)attempt["statusReason"])?.Contains("timeout", StringComparison.Ordinal) == true;

    private static bool IsLost(JsonNode attempt) => ((string?)attempt["statusReason"])?.StartsWith(Host, StringComparison.Ordinal) == true;

    private bool HasFailed(CrashJob job, int index)
    {
        string id = job.Kind.Size is null ? job.After! : Child(job.After!, index);
        return (string?)_found[id]["status"] == "FAILED";
    }

    // Only one job at a time has the token, so that between a start and its end there is no other start. What was killed never says that it
    // ended.
    private void JudgeTokens()
    {
        HashSet<string> tokens = [.. _found.Values
            .Where(job => ((string)job["jobName"]!).EndsWith("-token", StringComparison.Ordinal)).Select(job => (string)job["jobId"]!)];
        string? holder = null;
        foreach (string[] line in runs.Select(line => line.Split(' ')).Where(line => tokens.Contains(line[0])))
        {
            string run = $"{line[0]} {line[1]}";
            if (line[2] == "start")
            {
                if (holder is not null && runs.Contains($"{holder} end", StringComparer.Ordinal))
                    _wrong.Add($"{run} began while {holder} had the token");
                holder = run;
            }
            else if (holder == run) holder = null;
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>A kind of job, with the end that its rules allow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Exit">Its exit code, as the shell computes it.</param>
/// <param name="Attempts">How often it is tried.</param>
/// <param name="Size">Its children, where it is an array.</param>
/// <param name="Code">The exit code of an attempt (from 1) and a child.</param>
internal sealed record CrashKind(string Name, string Exit, int Attempts, int? Size, Func<int, int, int> Code)
{
    /// <summary>One that would never end, and has a time limit.</summary>
    public const string Limited = "limited";

    /// <summary>One whose numbers are at their limits.</summary>
    public const string Extreme = "extreme";

    public static IReadOnlyList<CrashKind> All { get; } =
    [
        new("good", "0", 1, null, static (_, _) => 0),
        new("bad", "3", 3, null, static (_, _) => 3),
        new("flaky", "$((AWS_BATCH_JOB_ATTEMPT < 2))", 4, null, static (attempt, _) => attempt < 2 ? 1 : 0),
        new("array", "$((AWS_BATCH_JOB_ARRAY_INDEX % 3 == 2))", 2, 4, static (_, child) => child % 3 == 2 ? 1 : 0),
        new("sequential", "0", 3, 3, static (_, _) => 0),
        new("paired", "0", 2, 4, static (_, _) => 0),
        new("dependent", "0", 2, null, static (_, _) => 0),
        new("token", "0", 3, null, static (_, _) => 0),
        new("endless", "0", 1, null, static (_, _) => 0),
        new(Limited, "0", 1, null, static (_, _) => 0),
        new(Extreme, "255", 10, null, static (_, _) => 255),
        new(CrashTask.Kind, "0", 3, null, static (_, _) => 0),
    ];
}

/// <summary>A submission, and what the server answered, if it did.</summary>
internal sealed record CrashJob(string Name, CrashKind Kind, string? Id, string? After);

/// <summary>What was submitted in all lives of the server.</summary>
internal sealed class CrashJobs
{
    /// <summary>Names the file that jobs write their starts and ends to.</summary>
    public const string Runs = "REFRAG_CRASH_RUNS";

    public const string Definition = "crash";

    private const string Small = "crash-small";
    public const string Token = "crash-token";
    public const string Enough = "enough";
    private const string Queue = "refrag-cpu-job-queue";
    private readonly ConcurrentBag<CrashJob> _all = [];
    private int _number;

    public IReadOnlyCollection<CrashJob> All => _all;

    /// <summary>What jobs need: a definition, and a resource that only one of them can have.</summary>
    public static async Task PrepareAsync(CrashServer server)
    {
        await server.AskAsync("registerjobdefinition", new JsonObject
        {
            ["jobDefinitionName"] = Definition,
            ["type"] = "container",
            ["containerProperties"] = new JsonObject { ["image"] = "busybox", ["vcpus"] = 1, ["memory"] = 16 },
        });
        await server.AskAsync("registerjobdefinition", new JsonObject
        {
            ["jobDefinitionName"] = Small,
            ["type"] = "container",
            ["platformCapabilities"] = new JsonArray("FARGATE"),
            ["containerProperties"] = new JsonObject
            {
                ["image"] = "busybox",
                ["executionRoleArn"] = "arn:aws:iam::000000000000:role/run",
                ["resourceRequirements"] = new JsonArray(
                    new JsonObject { ["type"] = "VCPU", ["value"] = "0.25" }, new JsonObject { ["type"] = "MEMORY", ["value"] = "512" }),
            },
        });
        await server.AskAsync("registerjobdefinition", CrashTask.Definition());
        await server.AskAsync("createconsumableresource",
            new JsonObject { ["consumableResourceName"] = Token, ["resourceType"] = "REPLENISHABLE", ["totalQuantity"] = 1 });
    }

    /// <summary>Submits one job of any kind, whatever becomes of the request; false where the server is gone.</summary>
    public async Task<bool> SubmitAsync(CrashServer server, Random chance)
    {
        CrashKind kind = CrashKind.All[chance.Next(CrashKind.All.Count)];
        CrashJob[] known = [.. _all.Where(job => job.Id is not null)];
        string? after = kind.Name switch
        {
            "dependent" when known.Length > 0 => known[chance.Next(known.Length)].Id,
            "paired" when known.Where(job => job.Kind.Size == kind.Size).ToArray() is { Length: > 0 } arrays =>
                arrays[chance.Next(arrays.Length)].Id,
            _ => null,
        };
        string name = string.Create(CultureInfo.InvariantCulture, $"crash-{Interlocked.Increment(ref _number)}-{kind.Name}");
        JsonNode? answer = await server.TryAskAsync("submitjob", Request(name, kind, after, chance));
        var job = new CrashJob(name, kind, (string?)answer?["jobId"], after);
        _all.Add(job);
        if (job is { Kind.Name: "endless", Id: { } id }) await TerminateAsync(server, id);
        return job.Id is not null;
    }

    /// <summary>Ends what would not end by itself.</summary>
    public async Task TerminateEndlessAsync(CrashServer server)
    {
        foreach (CrashJob job in _all.Where(job => job.Kind.Name == "endless" && job.Id is not null)) await TerminateAsync(server, job.Id!);
    }

    public static Task TerminateAsync(CrashServer server, string id) =>
        server.TryAskAsync("terminatejob", new JsonObject { ["jobId"] = id, ["reason"] = Enough });

    private static JsonObject Request(string name, CrashKind kind, string? after, Random chance)
    {
        if (kind.Name == CrashTask.Kind) return CrashTask.Request(name, Queue, kind.Attempts);
        string nap = kind.Name is "endless" or CrashKind.Limited
            ? "600"
            : (chance.Next(80) / 1000.0).ToString(CultureInfo.InvariantCulture);
        string said = "\"$AWS_BATCH_JOB_ID $AWS_BATCH_JOB_ATTEMPT";
        var request = new JsonObject
        {
            ["jobName"] = name,
            ["jobQueue"] = Queue,
            ["jobDefinition"] = Definition,
            ["retryStrategy"] = new JsonObject { ["attempts"] = kind.Attempts },
            ["containerOverrides"] = new JsonObject
            {
                ["command"] =
                    new JsonArray(
                        "sh", "-c", $"echo {said} start\" >> \"${Runs}\"; sleep {nap}; echo {said} end\" >> \"${Runs}\"; exit {kind.Exit}"),
            },
        };
        if (kind.Name == CrashKind.Limited) Limit(request, CrashClock.TimeLimitSeconds);
        // The longest limit that the API's type can say: longer than any timer.
        if (kind.Name == CrashKind.Extreme) Limit(request, int.MaxValue);
        if (kind.Size is { } size) request["arrayProperties"] = new JsonObject { ["size"] = size };
        if (kind.Name == "sequential") request["dependsOn"] = new JsonArray(new JsonObject { ["type"] = "SEQUENTIAL" });
        else if (after is not null && kind.Size is not null)
            request["dependsOn"] = new JsonArray(new JsonObject { ["jobId"] = after, ["type"] = "N_TO_N" });
        else if (after is not null) request["dependsOn"] = new JsonArray(new JsonObject { ["jobId"] = after });
        if (kind.Name == "token")
        {
            request["consumableResourcePropertiesOverride"] = new JsonObject
            {
                ["consumableResourceList"] = new JsonArray(new JsonObject { ["consumableResource"] = Token, ["quantity"] = 1 }),
            };
        }
        return request;
    }

    // A small share of the machine, because these wait for the clock and not for a processor.
    private static void Limit(JsonObject request, int seconds)
    {
        request["timeout"] = new JsonObject { ["attemptDurationSeconds"] = seconds };
        request["jobDefinition"] = Small;
    }
}

using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>
/// A job that is a task of three containers: one that comes first, the main one after it, and one beside them that would never end.
/// </summary>
internal static class CrashTask
{
    public const string Kind = "task";
    private const string Name = "crash-task";

    public static JsonObject Definition() => new()
    {
        ["jobDefinitionName"] = Name,
        ["type"] = "container",
        ["ecsProperties"] = new JsonObject
        {
            ["taskProperties"] = new JsonArray(new JsonObject
            {
                ["containers"] = new JsonArray(
                    Container("main", "", "sleep 0.04", true, new JsonObject { ["containerName"] = "init", ["condition"] = "SUCCESS" }),
                    Container("init", "/init", "sleep 0.04", false),
                    Container("side", "/side", "exec sleep 600", false)),
            }),
        },
    };

    public static JsonObject Request(string name, string queue, int attempts) => new()
    {
        ["jobName"] = name,
        ["jobQueue"] = queue,
        ["jobDefinition"] = Name,
        ["retryStrategy"] = new JsonObject { ["attempts"] = attempts },
    };

    /// <summary>What is wrong with the containers of a task that succeeded; null if nothing is.</summary>
    public static string? Judge(JsonNode job)
    {
        int?[] codes = [.. job["ecsProperties"]!["taskProperties"]![0]!["containers"]!.AsArray().Select(one => (int?)one!["exitCode"])];
        return codes is [0, 0, not null] ? null : $"its containers ended with {string.Join(", ", codes)}";
    }

    // Each writes down its start under a name of its own, so that one which started twice is found.
    private static JsonObject Container(string name, string suffix, string script, bool essential, params JsonNode[] dependsOn) => new()
    {
        ["name"] = name,
        ["image"] = "busybox",
        ["command"] =
            new JsonArray(
                "sh", "-c", $"echo \"$AWS_BATCH_JOB_ID{suffix} $AWS_BATCH_JOB_ATTEMPT start\" >> \"${CrashJobs.Runs}\"; {script}"),
        ["essential"] = essential,
        ["dependsOn"] = new JsonArray(dependsOn),
        ["resourceRequirements"] = new JsonArray(
            new JsonObject { ["type"] = "VCPU", ["value"] = "0.25" }, new JsonObject { ["type"] = "MEMORY", ["value"] = "16" }),
    };
}

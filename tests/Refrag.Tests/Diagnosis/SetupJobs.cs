using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Diagnosis;

/// <summary>Jobs as the files of set-ups describe them; broken.yaml explains the members.</summary>
internal static class SetupJobs
{
    private static readonly HashSet<string> s_members =
        new(["status", "queue", "vcpus", "memory", "gpus", "minutes", "failed", "detail"], StringComparer.Ordinal);

    private static readonly HashSet<string> s_times = new(["createdAt", "startedAt", "stoppedAt"], StringComparer.Ordinal);

    public static JobDetail Read(JsonObject job, string id)
    {
        if (job.FirstOrDefault(member => !s_members.Contains(member.Key)) is { Key: { } unknown })
            throw new InvalidDataException($"The job '{id}' has the unknown member '{unknown}'.");
        string queue = (string?)job["queue"] ?? FakeAccount.Cpu;
        JobDetail made = job["failed"] is JsonObject failed ? Failed(failed, queue, id) : FakeAccount.Job(
            (string?)job["status"] ?? "RUNNABLE", queue, (int?)job["vcpus"] ?? 2, (int?)job["memory"] ?? 3000, (int?)job["gpus"] ?? 0,
            (int?)job["minutes"] ?? 2, id);
        return job["detail"] is JsonObject detail ? MergePatch.Apply(made, WithTimes(detail)) : made;
    }

    private static JobDetail Failed(JsonObject failed, string queue, string id)
    {
        string status = (string?)failed["statusReason"] ?? FakeAccount.EssentialContainerExited;
        return FakeAccount.Failed((string?)failed["reason"], (int?)failed["exitCode"], status, queue) with { JobId = id };
    }

    // A time below zero is that many minutes before the account's present.
    private static JsonObject WithTimes(JsonObject detail)
    {
        var copy = (JsonObject)detail.DeepClone();
        ReplaceTimes(copy);
        return copy;
    }

    private static void ReplaceTimes(JsonNode? node)
    {
        if (node is JsonArray items) foreach (JsonNode? item in items) ReplaceTimes(item);
        if (node is not JsonObject members) return;
        foreach ((string name, JsonNode? value) in members.ToList())
        {
            if (s_times.Contains(name) && value is JsonValue && (long)value < 0)
                members[name] = FakeAccount.Now.AddMinutes((long)value).ToUnixTimeMilliseconds();
            else ReplaceTimes(value);
        }
    }
}

using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>What a plan would change of a compute environment though its name stands for it.</summary>
internal static class EnvironmentEdits
{
    // Batch changes these in place without touching a host.
    private static readonly string[] s_harmless = ["min_vcpus", "max_vcpus", "desired_vcpus"];

    /// <summary>The changed attributes, in their order; empty if no job is in danger.</summary>
    /// <param name="address">The resource's address.</param>
    /// <param name="action">What is done to it.</param>
    /// <param name="change">The plan's member <c>change</c>.</param>
    public static string Read(string address, PlannedAction action, JsonElement change)
    {
        if (!address.StartsWith("aws_batch_compute_environment.", StringComparison.Ordinal)
            || address.StartsWith("aws_batch_compute_environment.ce", StringComparison.Ordinal)) return "";
        if (action is not (PlannedAction.Change or PlannedAction.Replace) || Resources(change, "before") is not { } before
            || Resources(change, "after") is not { } after) return "";
        JsonElement? unknown = Resources(change, "after_unknown");
        return string.Join(", ",
            before.EnumerateObject()
                .Select(p => p.Name).Where(name => !s_harmless.Contains(name) && Differs(name, before, after, unknown)));
    }

    private static bool Differs(string name, JsonElement before, JsonElement after, JsonElement? unknown) =>
        (unknown is { } elements && elements.TryGetProperty(name, out JsonElement mark) && mark.ValueKind == JsonValueKind.True)
        || !after.TryGetProperty(name, out JsonElement value) || !JsonElement.DeepEquals(before.GetProperty(name), value);

    private static JsonElement? Resources(JsonElement change, string side) =>
        change.TryGetProperty(side, out JsonElement values) && values.ValueKind == JsonValueKind.Object
        && values.TryGetProperty("compute_resources", out JsonElement list) && list.ValueKind == JsonValueKind.Array
        && list.GetArrayLength() == 1
            ? list[0]
            : null;
}

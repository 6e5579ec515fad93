using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>What a plan would make that will not work as expected, as far as the plan alone shows it.</summary>
internal static class PlanWarnings
{
    /// <summary>One sentence each.</summary>
    /// <param name="plan">What <c>terraform show -json</c> printed of a plan.</param>
    /// <param name="demands">The environments of the plan that queues use.</param>
    public static IReadOnlyList<string> Read(JsonElement plan, IReadOnlyList<EnvironmentDemand> demands) =>
    [
        .. Changes(plan).Select(Warning).OfType<string>(),
        .. demands.Where(d => !d.IsSpot).Select(d => Doubled(d, demands)).OfType<string>(),
    ];

    /// <summary>The environments of a plan that are not retained.</summary>
    /// <param name="plan">What <c>terraform show -json</c> printed of a plan.</param>
    /// <param name="retained">Names of the environments of earlier settings.</param>
    public static IReadOnlyList<EnvironmentDemand> Demands(JsonElement plan, IReadOnlyList<string> retained) =>
    [
        .. Changes(plan).Where(c => Is(c, "aws_batch_compute_environment.")).Select(After).OfType<JsonElement>()
            .Select(Demand).OfType<EnvironmentDemand>().Where(d => !retained.Contains(d.Name)),
    ];

    private static JsonElement.ArrayEnumerator Changes(JsonElement plan) => plan
        .TryGetProperty("resource_changes", out JsonElement changes) ? changes.EnumerateArray() : default;

    private static bool Is(JsonElement resource, string type) => resource.GetProperty("address").GetString()!
        .StartsWith(type, StringComparison.Ordinal);

    private static JsonElement? After(JsonElement resource) =>
        resource.GetProperty("change").TryGetProperty("after", out JsonElement after) && after.ValueKind == JsonValueKind.Object ? after
            : null;

    private static string? Warning(JsonElement resource)
    {
        if (After(resource) is not { } after) return null;
        if (Is(resource, "aws_cloudwatch_metric_alarm.") && Length(after, "alarm_actions") == 0 && !IsUnknown(resource, "alarm_actions"))
        {
            return $"the alarm {Text(after, "alarm_name")} has no subscriber: set batch_notifications = true and alert_emails";
        }
        if (Is(resource, "aws_sns_topic_subscription.") && after.TryGetProperty("pending_confirmation", out JsonElement pending)
            && pending.ValueKind == JsonValueKind.True)
        {
            return $"{Text(after, "endpoint")} has not confirmed its subscription, and gets no alarms: follow the link in AWS's mail";
        }
        return null;
    }

    // Batch counts each environment for itself.
    private static string? Doubled(EnvironmentDemand fallback, IReadOnlyList<EnvironmentDemand> all) =>
        all.FirstOrDefault(d => d.IsSpot && d.Name == fallback.Name.Replace("-on-demand", "", StringComparison.Ordinal)) is not { } spot
            ? null
        : $"{spot.Name} and its on-demand fallback may start {spot.MaxVCpus + fallback.MaxVCpus} vCPUs together: "
            + $"{spot.MaxVCpus} Spot and {fallback.MaxVCpus} on-demand";

    private static EnvironmentDemand? Demand(JsonElement environment)
    {
        if (!environment.TryGetProperty("compute_resources", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list
            .GetArrayLength() != 1) return null;
        string type = Text(list[0], "type");
        if (type is not (CRType.Ec2 or CRType.Spot)) return null;
        int most = list[0].TryGetProperty("max_vcpus", out JsonElement max) && max.ValueKind == JsonValueKind.Number ? max.GetInt32() : 0;
        string[] types = list[0].TryGetProperty("instance_type", out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
        // Version 6 of the provider has `name`.
        string name = Text(environment, "compute_environment_name") is { Length: > 0 } text ? text : Text(environment, "name");
        return new EnvironmentDemand(name, type == CRType.Spot, most, types);
    }

    private static int Length(JsonElement owner, string list) =>
        owner.TryGetProperty(list, out JsonElement values) && values.ValueKind == JsonValueKind.Array ? values.GetArrayLength() : 0;

    // A list that is known only after the apply is `true`, or has unknown elements.
    private static bool IsUnknown(JsonElement resource, string name) =>
        resource.GetProperty("change").TryGetProperty("after_unknown", out JsonElement unknown) && unknown.ValueKind == JsonValueKind.Object
        && unknown.TryGetProperty(name, out JsonElement mark)
            && (mark.ValueKind == JsonValueKind.True || (mark.ValueKind == JsonValueKind.Array && mark.GetArrayLength() > 0));

    private static string Text(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) ? value.GetString()
        ?? "" : "";
}

using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>Reads <c>terraform show -json PLAN</c>.</summary>
public static class PlanReader
{
    // AWS bills a month as 730 hours; an interface endpoint costs 0.01 USD an hour and zone (us-east-1 list price).
    private const decimal HoursAMonth = 730m;
    private const decimal EndpointUsdPerHour = 0.01m;

    /// <summary>The plan's summary.</summary>
    /// <param name="planJson">What <c>terraform show -json</c> printed.</param>
    /// <param name="instanceTypesJson">The stack's <c>instance_types.json</c>.</param>
    public static PlanSummary Read(string planJson, string instanceTypesJson)
    {
        using JsonDocument plan = JsonDocument.Parse(planJson);
        using JsonDocument types = JsonDocument.Parse(instanceTypesJson);
        IEnumerable<PlannedChange> changes = plan.RootElement.TryGetProperty("resource_changes", out JsonElement list) ? list.EnumerateArray().Select(Change).OfType<PlannedChange>() : [];
        return new PlanSummary
        {
            Changes = [.. changes.OrderByDescending(c => c.Action).ThenBy(c => c.Address, StringComparer.Ordinal)],
            MonthlyFloor = Floor(plan.RootElement, types.RootElement.GetProperty("types")),
        };
    }

    private static PlannedChange? Change(JsonElement resource)
    {
        JsonElement change = resource.GetProperty("change");
        string actions = string.Join('+', change.GetProperty("actions").EnumerateArray().Select(a => a.GetString()));
        PlannedAction? action = actions switch
        {
            "create" => PlannedAction.Add,
            "update" => PlannedAction.Change,
            "delete" => PlannedAction.Destroy,
            "delete+create" or "create+delete" => PlannedAction.Replace,
            _ => null,
        };
        return action is { } known ? new PlannedChange(known, resource.GetProperty("address").GetString() ?? "", Name(change)) : null;
    }

    private static string Name(JsonElement change)
    {
        foreach (string side in (string[])["after", "before"])
        {
            if (!change.TryGetProperty(side, out JsonElement values) || values.ValueKind != JsonValueKind.Object) continue;
            foreach (string key in (string[])["compute_environment_name", "alarm_name", "dashboard_name", "name"])
            {
                if (values.TryGetProperty(key, out JsonElement name) && name.ValueKind == JsonValueKind.String) return name.GetString()!;
            }
        }
        return "";
    }

    private static decimal? Floor(JsonElement plan, JsonElement types)
    {
        decimal floor = 0;
        foreach (JsonElement resource in Planned(plan))
        {
            JsonElement values = resource.GetProperty("values");
            string? type = resource.GetProperty("type").GetString();
            if (type == "aws_batch_compute_environment")
            {
                if (KeptHosts(values, types) is not { } hosts) return null;
                floor += hosts;
            }
            else if (type == "aws_vpc_endpoint" && values.TryGetProperty("vpc_endpoint_type", out JsonElement kind) && kind.GetString() == "Interface")
            {
                // The subnets are not known before the first apply; the stack then has one a zone, three by default.
                int zones = values.TryGetProperty("subnet_ids", out JsonElement ids) && ids.ValueKind == JsonValueKind.Array ? ids.GetArrayLength() : 3;
                floor += zones * EndpointUsdPerHour * HoursAMonth;
            }
        }
        return floor;
    }

    private static JsonElement.ArrayEnumerator Planned(JsonElement plan) =>
        plan.TryGetProperty("planned_values", out JsonElement values) && values.TryGetProperty("root_module", out JsonElement root)
        && root.TryGetProperty("resources", out JsonElement resources) ? resources.EnumerateArray() : default;

    private static decimal? KeptHosts(JsonElement environment, JsonElement types)
    {
        JsonElement resources = environment.GetProperty("compute_resources")[0];
        decimal vcpus = resources.TryGetProperty("min_vcpus", out JsonElement kept) && kept.ValueKind == JsonValueKind.Number ? kept.GetDecimal() : 0;
        if (vcpus == 0) return 0;
        decimal? cheapest = resources.GetProperty("instance_type").EnumerateArray().Select(t => UsdPerVcpu(t.GetString()!, types)).Min();
        return cheapest * vcpus * HoursAMonth;
    }

    private static decimal? UsdPerVcpu(string name, JsonElement types) =>
        types.TryGetProperty(name, out JsonElement type) && type.GetProperty("usd_per_hour") is { ValueKind: JsonValueKind.Number } price
            ? price.GetDecimal() / type.GetProperty("vcpus").GetDecimal()
            : null;
}

using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>Reads <c>terraform show -json PLAN</c>.</summary>
public static class PlanReader
{
    /// <summary>The plan's summary.</summary>
    /// <param name="planJson">What <c>terraform show -json</c> printed.</param>
    /// <param name="instanceTypesJson">The stack's <c>instance_types.json</c>.</param>
    public static PlanSummary Read(string planJson, string instanceTypesJson)
    {
        using JsonDocument plan = JsonDocument.Parse(planJson);
        using JsonDocument types = JsonDocument.Parse(instanceTypesJson);
        IEnumerable<PlannedChange> changes = plan.RootElement.TryGetProperty("resource_changes", out JsonElement list)
            ? list.EnumerateArray().Select(Change).OfType<PlannedChange>()
            : [];
        IReadOnlyList<string> retained = plan.RootElement.TryGetProperty("planned_values", out JsonElement planned)
            ? Texts(planned, RetainedEnvironment.Output) : [];
        IReadOnlyList<EnvironmentDemand> demands = PlanWarnings.Demands(plan.RootElement, retained);
        return new PlanSummary
        {
            Changes = [.. changes.OrderByDescending(c => c.Action).ThenBy(c => c.Address, StringComparer.Ordinal)],
            Floor = MonthlyFloor.Of(plan.RootElement, types.RootElement.GetProperty("types")),
            Retained = retained,
            Demands = demands,
            Warnings = PlanWarnings.Read(plan.RootElement, demands),
            Region = Variable(plan.RootElement, "region"),
            NamePrefix = Variable(plan.RootElement, "name_prefix"),
        };
    }

    /// <summary>The texts of a list among the outputs of a plan or a state; empty if it has no such output.</summary>
    internal static IReadOnlyList<string> Texts(JsonElement values, string output) =>
        values.TryGetProperty("outputs", out JsonElement outputs) && outputs.TryGetProperty(output, out JsonElement list)
        && list.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(text => text.GetString()!)]
            : [];

    /// <summary>A text among the outputs of a plan or a state; null if it has no such output.</summary>
    internal static string? Text(JsonElement values, string output) =>
        values.TryGetProperty("outputs", out JsonElement outputs) && outputs.TryGetProperty(output, out JsonElement text)
        && text.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string? Variable(JsonElement plan, string name) =>
        plan.TryGetProperty("variables", out JsonElement variables) && variables.TryGetProperty(name, out JsonElement variable)
        && variable.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

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
            // An import changes the state alone.
            _ => change.TryGetProperty("importing", out _) ? PlannedAction.Change : null,
        };
        bool tainted = resource.TryGetProperty("action_reason", out JsonElement reason) && reason.GetString() == "replace_because_tainted";
        string address = resource.GetProperty("address").GetString() ?? "";
        // What is tainted is taken over or refused before anything else is judged: its replacement would differ in all that AWS fills in.
        string Edits(PlannedAction known) => tainted ? "" : EnvironmentEdits.Read(address, known, change);
        return action is { } known
            ? new PlannedChange(known, address, Name(change), tainted, Edits(known))
            {
                IsDeposed = resource.TryGetProperty("deposed", out _),
                IsImported = change.TryGetProperty("importing", out _),
                TakesNetworkAway = NetworkLoss.Read(address, known, change),
            }
            : null;
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
}

using System.Globalization;
using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>Something that costs money with nothing to do.</summary>
/// <param name="What">What, such as <c>2 CloudWatch alarms</c>.</param>
/// <param name="Usd">USD a month; null if it is not known.</param>
public sealed record FloorItem(string What, decimal? Usd);

/// <summary>
/// What a planned stack costs a month while no job runs, at list prices of us-east-1. What depends on use (jobs, storage, logs, messages)
/// is apart.
/// </summary>
internal static class MonthlyFloor
{
    // AWS bills a month as 730 hours.
    private const decimal HoursAMonth = 730m;

    // AWS PrivateLink pricing: an interface endpoint, an hour and zone.
    private const decimal EndpointUsdPerHour = 0.01m;

    // Amazon VPC pricing: a NAT gateway, an hour; data that passes it comes on top.
    private const decimal NatGatewayUsdPerHour = 0.045m;

    // Amazon VPC pricing: a public IPv4 address, an hour.
    private const decimal AddressUsdPerHour = 0.005m;

    // AWS KMS pricing: a customer managed key, a month.
    private const decimal KeyUsd = 1m;

    // CloudWatch pricing: a dashboard, a month, beyond the three that are free in an account.
    private const decimal DashboardUsd = 3m;

    // CloudWatch pricing: a standard alarm, a month and metric that it looks at, beyond the ten that are free in an account.
    private const decimal AlarmUsdPerMetric = 0.10m;

    public static IReadOnlyList<FloorItem> Of(JsonElement plan, JsonElement types)
    {
        List<JsonElement> resources = [.. Planned(plan)];
        List<FloorItem> items = [.. resources.Where(r => Is(r, "aws_batch_compute_environment"))
            .Select(e => KeptHosts(e.GetProperty("values"), types)).OfType<FloorItem>()];
        Add("interface endpoint in {0} zones", "interface endpoints, {0} zones together", "aws_vpc_endpoint", Zones,
            EndpointUsdPerHour * HoursAMonth);
        Add("NAT gateway", "NAT gateways", "aws_nat_gateway", static _ => 1, NatGatewayUsdPerHour * HoursAMonth);
        Add("public IPv4 address", "public IPv4 addresses", "aws_eip", static _ => 1, AddressUsdPerHour * HoursAMonth);
        Add("KMS key", "KMS keys", "aws_kms_key", static _ => 1, KeyUsd);
        Add("CloudWatch dashboard", "CloudWatch dashboards", "aws_cloudwatch_dashboard", static _ => 1, DashboardUsd);
        Add("CloudWatch alarm, {0} metrics", "CloudWatch alarms, {0} metrics together", "aws_cloudwatch_metric_alarm", Metrics,
            AlarmUsdPerMetric);
        return items;

        void Add(string one, string several, string type, Func<JsonElement, int> units, decimal usdPerUnit)
        {
            List<int> counts = [.. resources.Where(r => Is(r, type)).Select(r => units(r.GetProperty("values"))).Where(n => n > 0)];
            if (counts.Count == 0) return;
            string words = string.Format(CultureInfo.InvariantCulture, counts.Count == 1 ? one : several, counts.Sum());
            items.Add(new FloorItem(string.Create(CultureInfo.InvariantCulture, $"{counts.Count} {words}"), counts.Sum() * usdPerUnit));
        }
    }

    private static bool Is(JsonElement resource, string type) => resource.GetProperty("type").GetString() == type;

    private static JsonElement.ArrayEnumerator Planned(JsonElement plan) =>
        plan.TryGetProperty("planned_values", out JsonElement values) && values.TryGetProperty("root_module", out JsonElement root)
        && root.TryGetProperty("resources", out JsonElement resources) ? resources.EnumerateArray() : default;

    // Gateway endpoints cost nothing. The subnets are not known before the first apply; the stack then has one a zone, three by default.
    private static int Zones(JsonElement endpoint) =>
        !endpoint.TryGetProperty("vpc_endpoint_type", out JsonElement kind) || kind.GetString() != "Interface" ? 0
        : Length(endpoint, "subnet_ids") ?? 3;

    // An alarm on an expression looks at the metrics that the expression names.
    private static int Metrics(JsonElement alarm) =>
        !alarm.TryGetProperty("metric_query", out JsonElement queries) || queries.ValueKind != JsonValueKind.Array ? 1
        : Math.Max(1, queries.EnumerateArray().Count(q => Length(q, "metric") > 0));

    private static int? Length(JsonElement owner, string list) =>
        owner.TryGetProperty(list, out JsonElement values) && values.ValueKind == JsonValueKind.Array ? values.GetArrayLength() : null;

    // Whichever type Batch takes, it keeps at least these vCPUs: the cheapest vCPU is the floor.
    private static FloorItem? KeptHosts(JsonElement environment, JsonElement types)
    {
        JsonElement resources = environment.GetProperty("compute_resources")[0];
        decimal vcpus = resources.TryGetProperty("min_vcpus", out JsonElement kept) && kept.ValueKind == JsonValueKind.Number
            ? kept.GetDecimal()
            : 0;
        if (vcpus == 0) return null;
        decimal? cheapest = resources.GetProperty("instance_type").EnumerateArray().Select(t => UsdPerVcpu(t.GetString()!, types)).Min();
        // Version 6 of the provider has `name`.
        string name = environment.TryGetProperty("compute_environment_name", out JsonElement text)
            || environment.TryGetProperty("name", out text) ? text.GetString() ?? "" : "";
        return new FloorItem(string.Create(CultureInfo.InvariantCulture, $"{vcpus:0} vCPUs kept running in {name}, at the on-demand price"),
            cheapest * vcpus * HoursAMonth);
    }

    private static decimal? UsdPerVcpu(string name, JsonElement types) =>
        types.TryGetProperty(name, out JsonElement type) && type.GetProperty("usd_per_hour") is { ValueKind: JsonValueKind.Number } price
            ? price.GetDecimal() / type.GetProperty("vcpus").GetDecimal()
            : null;
}

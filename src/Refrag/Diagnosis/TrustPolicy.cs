using System.Text.Json;

namespace Refrag.Diagnosis;

/// <summary>Reads of a role's trust policy whether a service may take the role on.</summary>
internal static class TrustPolicy
{
    /// <summary>
    /// Whether a statement of the policy allows it; null if that is not known. Conditions are taken as fulfilled, and statements that
    /// deny are ignored: what only AWS can work out is no cause.
    /// </summary>
    public static bool? Allows(string policy, string service)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(policy);
            if (!document.RootElement.TryGetProperty("Statement", out JsonElement statements)) return null;
            return Each(statements).Any(s => Allows(s, service));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Allows(JsonElement statement, string service)
    {
        if (!statement.TryGetProperty("Effect", out JsonElement effect) || effect.GetString() != "Allow") return false;
        // An exception for some principals allows all others.
        if (statement.TryGetProperty("NotPrincipal", out _) || statement.TryGetProperty("NotAction", out _)) return true;
        if (!statement.TryGetProperty("Action", out JsonElement action)
            || !Each(action).Any(a => a.GetString() is "sts:AssumeRole" or "sts:*" or "*" or "sts:Assume*")) return false;
        if (!statement.TryGetProperty("Principal", out JsonElement principal)) return false;
        if (principal.ValueKind == JsonValueKind.String) return principal.GetString() == "*";
        // In China the domain is longer: ec2.amazonaws.com.cn.
        return principal.TryGetProperty("Service", out JsonElement services)
            && Each(services)
            .Any(s => s.GetString() is { } name
            && (name == "*" || name == service || name.StartsWith(service + ".", StringComparison.Ordinal)));
    }

    private static JsonElement[] Each(JsonElement oneOrMany) =>
        oneOrMany.ValueKind == JsonValueKind.Array ? [.. oneOrMany.EnumerateArray()] : [oneOrMany];
}

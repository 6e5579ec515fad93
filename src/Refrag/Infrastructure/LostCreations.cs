using System.Text;
using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>
/// Resources that AWS made and Terraform does not know: a run was ended, or the network failed, between the request and its answer. The
/// next plans import those that are this stack's by their tags. (Terraform, import blocks)
/// </summary>
/// <param name="directory">The stack's directory.</param>
internal sealed class LostCreations(string directory)
{
    // Read by a plan, which keeps what it says; git ignores it.
    private readonly string _file = Path.Combine(directory, "refrag_taken_over.tf");
    private readonly SortedDictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Notes what an apply found there. False, and nothing is noted, if one of them cannot be named for an import.</summary>
    /// <param name="addresses">Addresses of the resources whose names are taken.</param>
    /// <param name="plan">The plan that was applied, as <c>terraform show -json</c> prints it.</param>
    /// <param name="state">The state, likewise.</param>
    public bool Note(IReadOnlyList<string> addresses, string plan, string state)
    {
        using JsonDocument planned = JsonDocument.Parse(plan);
        Dictionary<string, string> ids = new(StringComparer.Ordinal);
        foreach (string address in addresses)
        {
            // One that was imported and is found again is not to be had.
            if (_ids.ContainsKey(address) || IdOf(planned, address, state) is not { } id) return false;
            ids[address] = id;
        }
        foreach ((string address, string id) in ids) _ids[address] = id;
        return true;
    }

    /// <summary>Lets the next plan import them; what an ended run of refrag has left is removed.</summary>
    public void Write()
    {
        if (_ids.Count == 0)
        {
            Remove();
            return;
        }
        var text = new StringBuilder("# Written by `refrag infra` for one plan, and removed after it.\n");
        foreach ((string address, string id) in _ids)
            text.Append("import {\n  to = ").Append(address).Append("\n  id = ").Append(Quoted(id)).Append("\n}\n");
        File.WriteAllText(_file, text.ToString());
    }

    /// <summary>Removes what was written for a plan.</summary>
    public void Remove() => File.Delete(_file);

    /// <summary>
    /// What a plan would import that has not the stack's tags, which the provider sends with the request that makes a resource. It is
    /// not this stack's, and is not imported from now on.
    /// </summary>
    /// <param name="plan">The plan, as <c>terraform show -json</c> prints it.</param>
    public IReadOnlyList<string> Foreign(string plan)
    {
        if (_ids.Count == 0) return [];
        using JsonDocument planned = JsonDocument.Parse(plan);
        string[] foreign = [.. _ids.Keys.Where(address => Change(planned, address) is { } change
            && change.TryGetProperty("importing", out _) && !HasTags(change))];
        foreach (string address in foreign) _ids.Remove(address);
        return foreign;
    }

    // What an import calls a resource. Those that have no name of their own, as security groups, are not found so.
    // (provider documentation of each resource, Import)
    private static string? IdOf(JsonDocument plan, string address, string state)
    {
        if (Change(plan, address) is not { } change) return null;
        JsonElement after = change.GetProperty("after");
        string type = address.Split('.')[0];
        return (type, Text(after, "name") ?? Text(after, "compute_environment_name")) switch
        {
            (_, null) => null,
            ("aws_batch_job_queue", { } name) => Arn(state, $"job-queue/{name}"),
            ("aws_batch_scheduling_policy", { } name) => Arn(state, $"scheduling-policy/{name}"),
            ("aws_batch_compute_environment" or "aws_iam_role" or "aws_iam_instance_profile" or "aws_cloudwatch_log_group"
                or "aws_ecr_repository", { } name) => name,
            _ => null,
        };
    }

    private static JsonElement? Change(JsonDocument plan, string address)
    {
        foreach (JsonElement resource in plan.RootElement.GetProperty("resource_changes").EnumerateArray())
        {
            if (Text(resource, "address") == address) return resource.GetProperty("change");
        }
        return null;
    }

    // A queue needs an environment, which was made before it: its ARN has the partition, the region and the account.
    private static string? Arn(string state, string resource)
    {
        using JsonDocument document = JsonDocument.Parse(state);
        if (!document.RootElement.TryGetProperty("values", out JsonElement values)
            || !values.TryGetProperty("root_module", out JsonElement root)
            || !root.TryGetProperty("resources", out JsonElement resources)) return null;
        foreach (JsonElement known in resources.EnumerateArray())
        {
            if (Text(known, "type") == "aws_batch_compute_environment"
                && Text(known.GetProperty("values"), "arn")?.Split(':') is ["arn", var partition, _, var region, var account, ..])
                return $"arn:{partition}:batch:{region}:{account}:{resource}";
        }
        return null;
    }

    private static bool HasTags(JsonElement change) =>
        change.TryGetProperty("after", out JsonElement after) && Tags(after) is { } wanted
        && change.TryGetProperty("before", out JsonElement before) && Tags(before) is { } tags
        && wanted.EnumerateObject().Any()
        && wanted.EnumerateObject().All(tag => Text(tags, tag.Name) == tag.Value.GetString());

    private static JsonElement? Tags(JsonElement values) =>
        values.ValueKind == JsonValueKind.Object && values.TryGetProperty("tags_all", out JsonElement tags)
        && tags.ValueKind == JsonValueKind.Object ? tags : null;

    private static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Quoted(string id) =>
        $"\"{id.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

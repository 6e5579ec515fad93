using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>
/// Resources that AWS made and Terraform does not know: a run was ended, or the network failed, between the request and its answer. They
/// are taken into the state if they are this stack's by their tags, so that the next apply continues with them.
/// </summary>
/// <param name="terraform">Runs Terraform.</param>
/// <param name="settings">The arguments with the variables of the plan.</param>
/// <param name="plan">The plan, as <c>terraform show -json</c> prints it.</param>
internal sealed class LostCreations(ITerraform terraform, IReadOnlyList<string> settings, string plan)
{
    /// <summary>Takes over what an apply found there. False if one of them is of another stack, or cannot be taken over.</summary>
    /// <param name="addresses">Addresses of the resources whose names are taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> TakeOverAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        foreach (string address in addresses)
        {
            if (!await TakeOverAsync(address, cancellationToken)) return false;
        }
        return true;
    }

    private async Task<bool> TakeOverAsync(string address, CancellationToken cancellationToken)
    {
        using JsonDocument planned = JsonDocument.Parse(plan);
        if (Change(planned.RootElement, address) is not { } change) return false;
        TerraformRun before = await terraform.RunAsync(["show", "-json"], onLine: null, cancellationToken);
        if (!before.IsSuccess || IdOf(change, before.Output) is not { } id) return false;
        TerraformRun run = await terraform.RunAsync(
            ["import", "-no-color", "-input=false", .. settings, address, id], onLine: null, cancellationToken);
        if (!run.IsSuccess) return false;
        TerraformRun after = await terraform.RunAsync(["show", "-json"], onLine: null, cancellationToken);
        if (after.IsSuccess && HasTags(after.Output, address, change.GetProperty("change").GetProperty("after"))) return true;
        // Somebody else's. To forget it changes nothing in AWS.
        await terraform.RunAsync(["state", "rm", "-no-color", address], onLine: null, cancellationToken);
        return false;
    }

    private static JsonElement? Change(JsonElement plan, string address)
    {
        foreach (JsonElement change in plan.GetProperty("resource_changes").EnumerateArray())
        {
            if (change.GetProperty("address").GetString() == address) return change;
        }
        return null;
    }

    // What `terraform import` calls a resource. Those that have no name of their own, as security groups, are not found so.
    // (provider documentation of each resource, Import)
    private static string? IdOf(JsonElement change, string state)
    {
        JsonElement after = change.GetProperty("change").GetProperty("after");
        return (change.GetProperty("type").GetString(), Text(after, "name")) switch
        {
            (_, null) => null,
            ("aws_batch_job_queue", { } name) => Arn(state, $"job-queue/{name}"),
            ("aws_batch_scheduling_policy", { } name) => Arn(state, $"scheduling-policy/{name}"),
            ("aws_batch_compute_environment" or "aws_iam_role" or "aws_iam_instance_profile" or "aws_cloudwatch_log_group"
                or "aws_ecr_repository", { } name) => name,
            _ => null,
        };
    }

    // A queue needs an environment, which was made before it: its ARN has the partition, the region and the account.
    private static string? Arn(string state, string resource)
    {
        using JsonDocument document = JsonDocument.Parse(state);
        foreach (JsonElement known in Resources(document))
        {
            if (Text(known, "type") == "aws_batch_compute_environment"
                && Text(known.GetProperty("values"), "arn")?.Split(':') is ["arn", var partition, _, var region, var account, ..])
                return $"arn:{partition}:batch:{region}:{account}:{resource}";
        }
        return null;
    }

    // The provider gives every resource the stack's tags with the request that makes it.
    private static bool HasTags(string state, string address, JsonElement after)
    {
        if (!after.TryGetProperty("tags_all", out JsonElement wanted) || wanted.ValueKind != JsonValueKind.Object) return false;
        using JsonDocument document = JsonDocument.Parse(state);
        return Resources(document).Any(one => Text(one, "address") == address
            && one.GetProperty("values").TryGetProperty("tags_all", out JsonElement tags) && tags.ValueKind == JsonValueKind.Object
            && wanted.EnumerateObject().Any()
            && wanted.EnumerateObject().All(tag => Text(tags, tag.Name) == tag.Value.GetString()));
    }

    private static IEnumerable<JsonElement> Resources(JsonDocument state) =>
        state.RootElement.TryGetProperty("values", out JsonElement values) && values.TryGetProperty("root_module", out JsonElement root)
        && root.TryGetProperty("resources", out JsonElement resources) ? resources.EnumerateArray() : [];

    private static string? Text(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

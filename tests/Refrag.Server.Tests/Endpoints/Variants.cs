using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>A request that AWS's model allows.</summary>
/// <param name="What">What differs, as <c>SubmitJob.jobName at most</c>.</param>
/// <param name="Body">The body.</param>
internal sealed record Variant(string What, string Body);

/// <summary>
/// Every way in which one member of a valid request may differ and still keep its own limits: absent where it is not required, as small
/// and as large as it may be, and each value of an enumeration.
/// </summary>
internal sealed class Variants(ApiModel model, AwsOperation operation, JsonObject valid)
{
    private readonly List<Variant> _found = [];

    public IReadOnlyList<Variant> All()
    {
        Structure(valid, ApiModel.Target(model.Operations[operation.Name], "input"), operation.Name);
        return _found;
    }

    private void Structure(JsonObject owner, string shape, string path)
    {
        JsonElement definition = model.Shape(shape);
        IReadOnlyList<string> required = ApiModel.Strings(definition, "required");
        foreach (JsonProperty member in definition.GetProperty("members").EnumerateObject().Where(m => owner.ContainsKey(m.Name)))
        {
            string here = $"{path}.{member.Name}";
            if (!required.Contains(member.Name))
            {
                Try($"{here} absent", owner, member.Name, remove: true);
                Try($"{here} null", owner, member.Name, null);
            }
            Value(owner, member.Name, member.Value.GetProperty("shape").GetString()!, here,
                EngineLimits.All.GetValueOrDefault($"{shape}.{member.Name}"));
        }
    }

    private void Value(JsonObject owner, string member, string shapeName, string path, MemberLimit? limit)
    {
        JsonElement shape = model.Shape(shapeName);
        double? min = limit?.Min ?? Specimen.Number(shape, "min"), max = limit?.Max ?? Specimen.Number(shape, "max");
        JsonNode value = owner[member]!;
        switch (shape.GetProperty("type").GetString())
        {
            case "structure":
                Structure(value.AsObject(), shapeName, path);
                break;
            case "list":
                Elements(owner, member, shape, path, min);
                break;
            case "map":
                if (min is null or 0) Try($"{path} empty", owner, member, new JsonObject());
                break;
            case "string":
                Text(owner, member, shape, path, limit, min, max);
                break;
            case "boolean":
                Try($"{path} false", owner, member, false);
                break;
            default:
                if (min is { } least) Try($"{path} at least", owner, member, JsonNode.Parse(JsonSerializer.Serialize(least)));
                if (max is { } most) Try($"{path} at most", owner, member, JsonNode.Parse(JsonSerializer.Serialize(most)));
                break;
        }
    }

    private void Elements(JsonObject owner, string member, JsonElement shape, string path, double? min)
    {
        JsonArray list = owner[member]!.AsArray();
        if (min is null or 0) Try($"{path} empty", owner, member, new JsonArray());
        string element = ApiModel.Target(shape, "member");
        JsonElement inner = model.Shape(element);
        if (list[0] is JsonObject first && inner.GetProperty("type").GetString() == "structure") Structure(first, element, $"{path}[0]");
        foreach (string value in ApiModel.Strings(inner, "enum")) Try($"{path} of {value}", owner, member, new JsonArray(value));
    }

    private void Text(JsonObject owner, string member, JsonElement shape, string path, MemberLimit? limit, double? min, double? max)
    {
        foreach (string value in ApiModel.Strings(shape, "enum")) Try($"{path} of {value}", owner, member, value);
        if (shape.TryGetProperty("enum", out _) || limit?.Pattern is not null) return;
        if (min is { } least) Try($"{path} at least", owner, member, new string('1', (int)least));
        if (max is { } most) Try($"{path} at most", owner, member, new string('1', (int)most));
    }

    // Changes the one body for a moment, as Mistakes do.
    private void Try(string what, JsonObject owner, string member, JsonNode? value = null, bool remove = false)
    {
        int place = owner.IndexOf(member);
        JsonNode? before = owner[member];
        owner.RemoveAt(place);
        if (!remove) owner.Insert(place, member, value);
        _found.Add(new Variant(what, valid.ToJsonString()));
        if (!remove) owner.RemoveAt(place);
        owner.Insert(place, member, before);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>A request with one mistake in it.</summary>
/// <param name="What">What is wrong, for a failed test.</param>
/// <param name="Member">The member that the answer must name.</param>
/// <param name="Code">The code that it must have.</param>
/// <param name="Body">The body.</param>
internal sealed record Mistake(string What, string Member, string Code, string Body);

/// <summary>
/// Every mistake that can be made in a request, one at a time: wrong types, missing members, nulls in lists, and each limit broken once to
/// either side.
/// </summary>
internal sealed class Mistakes(ApiModel model, AwsOperation operation, JsonObject valid)
{
    private const string Serialization = "SerializationException";
    private readonly List<Mistake> _found = [];

    public IReadOnlyList<Mistake> All()
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
            string inner = member.Value.GetProperty("shape").GetString()!, here = $"{path}.{member.Name}";
            if (required.Contains(member.Name))
            {
                Try($"{here} missing", member.Name, BatchException.ClientException, owner, member.Name, remove: true);
                Try($"{here} null", member.Name, BatchException.ClientException, owner, member.Name, null);
            }
            Value(owner, member.Name, inner, here, EngineLimits.All.GetValueOrDefault($"{shape}.{member.Name}"));
        }
    }

    private void Value(JsonObject owner, string member, string shapeName, string path, MemberLimit? limit)
    {
        JsonElement shape = model.Shape(shapeName);
        string type = shape.GetProperty("type").GetString()!;
        foreach (JsonNode wrong in WrongTypes(type)) Try($"{path} of the wrong type", member, Serialization, owner, member, wrong);
        double? min = limit?.Min ?? Specimen.Number(shape, "min"), max = limit?.Max ?? Specimen.Number(shape, "max");
        JsonNode value = owner[member]!;
        switch (type)
        {
            case "structure":
                Structure(value.AsObject(), shapeName, path);
                break;
            case "list":
                Elements(owner, member, shape, path, min, max);
                break;
            case "map":
                Entries(owner, member, path, max);
                break;
            case "string":
                Text(owner, member, shape, path, limit, min, max);
                break;
            case "boolean":
                break;
            default:
                if (min is { } least) Limit($"{path} too small", owner, member, least - (type is "float" or "double" ? least / 2 : 1));
                if (max is { } most) Limit($"{path} too large", owner, member, most + 1);
                if (type is "integer" or "long") Try($"{path} a fraction", member, Serialization, owner, member, 1.5);
                break;
        }
    }

    private void Elements(JsonObject owner, string member, JsonElement shape, string path, double? min, double? max)
    {
        JsonArray list = owner[member]!.AsArray();
        Try($"{path} with a null", member, BatchException.ClientException, owner, member, new JsonArray((JsonNode?)null));
        if (min >= 1) Limit($"{path} empty", owner, member, new JsonArray());
        if (max is { } most)
            Limit($"{path} too long", owner, member,
                new JsonArray([.. Enumerable.Range(0, (int)most + 1).Select(_ => list[0]!.DeepClone())]));
        string element = ApiModel.Target(shape, "member");
        if (list[0] is JsonObject inner && model.Shape(element).GetProperty("type").GetString() == "structure")
            Structure(inner, element, $"{path}[0]");
        else Try($"{path} of wrong elements", member, Serialization, owner, member, new JsonArray(new JsonObject { ["a"] = 1 }));
    }

    private void Entries(JsonObject owner, string member, string path, double? max)
    {
        Try($"{path} with a null", member, BatchException.ClientException, owner, member, new JsonObject { ["key"] = null });
        Try($"{path} of wrong values", member, Serialization, owner, member, new JsonObject { ["key"] = 1 });
        if (max is not { } most) return;
        Limit($"{path} too many", owner, member,
            new JsonObject(
                Enumerable.Range(0, (int)most + 1).Select(i => System.Collections.Generic.KeyValuePair.Create($"key{i}", (JsonNode?)"v"))));
    }

    private void Text(JsonObject owner, string member, JsonElement shape, string path, MemberLimit? limit, double? min, double? max)
    {
        if (shape.TryGetProperty("enum", out _)) Limit($"{path} unknown", owner, member, "NOT_KNOWN");
        if (min >= 1) Limit($"{path} empty", owner, member, "");
        if (max is { } most) Limit($"{path} too long", owner, member, new string('1', (int)most + 1));
        if (limit?.Pattern is not null) Limit($"{path} of another form", owner, member, "*~ \n");
    }

    private void Limit(string what, JsonObject owner, string member, JsonNode? value) =>
        Try(what, member, BatchException.ClientException, owner, member, value);

    // Changes the one body for a moment: a copy of all of it for each mistake would take longer than the server.
    private void Try(string what, string named, string code, JsonObject owner, string member, JsonNode? value = null, bool remove = false)
    {
        int place = owner.IndexOf(member);
        JsonNode? before = owner[member];
        owner.RemoveAt(place);
        if (!remove) owner.Insert(place, member, value);
        _found.Add(new Mistake(what, named, code, valid.ToJsonString()));
        if (!remove) owner.RemoveAt(place);
        owner.Insert(place, member, before);
    }

    private static IEnumerable<JsonNode> WrongTypes(string type) => type switch
    {
        "structure" => ["text", new JsonArray(), 1],
        "list" => ["text", new JsonObject(), 1],
        "map" => ["text", new JsonArray(), true],
        "string" => [1, true, new JsonArray("text"), new JsonObject()],
        "boolean" => ["true", 1],
        "float" or "double" => ["1", true, new JsonArray(1), JsonNode.Parse("1e400")!],
        _ => ["1", true, new JsonArray(1), JsonNode.Parse("1e400")!, JsonNode.Parse("99999999999999999999999")!],
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Tests.Contract;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>Requests with every member that may stand together, all within their limits, made from the API model and the limits.</summary>
internal sealed class Specimen(ApiModel model)
{
    // Which members cannot stand together, one variant a line: what is left out, and what else differs.
    private static readonly Dictionary<string,
        (string[] Without, (string Path, string Value)[] With)[]> s_variants = new(StringComparer.Ordinal)
        {
            ["SubmitJob"] =
        [
            (["nodeOverrides", "eksPropertiesOverride", "ecsPropertiesOverride"], []),
            (["arrayProperties", "containerOverrides", "eksPropertiesOverride", "ecsPropertiesOverride"], []),
            (["arrayProperties", "containerOverrides", "nodeOverrides"], []),
        ],
            ["RegisterJobDefinition"] =
        [
            (["nodeProperties", "eksProperties", "ecsProperties"], [("type", "container")]),
            (["nodeProperties", "containerProperties", "eksProperties"], [("type", "container")]),
            (["nodeProperties", "containerProperties", "ecsProperties"], [("type", "container")]),
            (["containerProperties", "eksProperties", "ecsProperties"], [("type", "multinode")]),
        ],
            ["ListJobs"] = [(["arrayJobId", "multiNodeJobId"], []), (["jobQueue", "multiNodeJobId"], []), (["jobQueue", "arrayJobId"], [])],
        };

    // A text that every pattern of that member takes.
    private static readonly Dictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["onStatusReason"] = "Host EC2*",
        ["onReason"] = "Cannot*",
        ["onExitCode"] = "13*",
        ["targetNodes"] = "0:1",
        ["shareIdentifier"] = "red*",
        ["jobId"] = "4b6a1f2c-0f43-4f3c-8ac0-aaaaaaaaaaaa",
    };

    /// <summary>The bodies of an operation.</summary>
    public IEnumerable<JsonObject> Of(AwsOperation operation)
    {
        string shape = ApiModel.Target(model.Operations[operation.Name], "input");
        foreach (var (without, with) in s_variants.GetValueOrDefault(operation.Name, [([], [])]))
        {
            JsonObject body = Make(shape, shape, "").AsObject();
            foreach (string member in (string[])[.. without, .. operation.OutsideBody]) body.Remove(member);
            foreach ((string member, string value) in with) body[member] = value;
            // A dependency on another job, and no more than that, needs no type.
            foreach (JsonNode? one in body["dependsOn"]?.AsArray() ?? []) one!.AsObject().Remove("type");
            yield return body;
        }
    }

    private JsonNode Make(string name, string owner, string member)
    {
        JsonElement shape = model.Shape(name);
        MemberLimit? limit = EngineLimits.All.GetValueOrDefault($"{owner}.{member}");
        switch (shape.GetProperty("type").GetString())
        {
            case "structure":
                return new JsonObject(shape.GetProperty("members").EnumerateObject()
                    .Select(m =>
                    System.Collections.Generic.KeyValuePair.Create(
                        m.Name, (JsonNode?)Make(m.Value.GetProperty("shape").GetString()!, name, m.Name))));
            // Every container needs these two.
            case "list" when name == "ResourceRequirements":
                return new JsonArray(Make("ResourceRequirement", name, ""), Requirement("VCPU", "1"), Requirement("MEMORY", "64"));
            case "list":
                return new JsonArray(Make(ApiModel.Target(shape, "member"), name, ""));
            case "map":
                return new JsonObject { ["key"] = Make(ApiModel.Target(shape, "value"), name, "") };
            case "string":
                return Text(shape, name, member);
            case "boolean":
                return true;
            default:
                // There is one node, counted from 0.
                if (member == "mainNode") return 0;
                double least = limit?.Min ?? Number(shape, "min") ?? 1;
                return Math.Max(least, Math.Min(1, limit?.Max ?? 1)) is var value && value == Math.Floor(value) ? (long)value : value;
        }
    }

    private static JsonObject Requirement(string type, string value) => new() { ["type"] = type, ["value"] = value };

    private static string Text(JsonElement shape, string name, string member)
    {
        if (ApiModel.Strings(shape, "enum") is [var first, ..]) return first;
        if (s_texts.TryGetValue(member, out string? text)) return text;
        return name is "ClientRequestToken" ? "token" : member == "value" ? "16" : "name1";
    }

    public static double? Number(JsonElement shape, string name) =>
        shape.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : null;

    /// <summary>The path of an operation's requests, with a resource that there is not where the path names one.</summary>
    public static string PathOf(AwsOperation operation) =>
        operation.Path.Replace("{resourceArn}", "arn%3Aaws%3Abatch%3Aus-east-1%3A000000000000%3Ajob-queue%2Fq", StringComparison.Ordinal)
            + (operation.Name == "UntagResource" ? "?tagKeys=a" : "");
}

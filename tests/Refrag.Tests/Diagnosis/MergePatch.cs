using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Diagnosis;

/// <summary>Changes of Batch's shapes as JSON merge patches: null removes a member, and a list replaces a list. (RFC 7396)</summary>
internal static class MergePatch
{
    /// <summary>The shape with the changes.</summary>
    public static T Apply<T>(T shape, JsonObject changes) =>
        Merge(JsonSerializer.SerializeToNode(shape, BatchJson.Options)!.AsObject(), changes).Deserialize<T>(BatchJson.Options)!;

    private static JsonObject Merge(JsonObject target, JsonObject changes)
    {
        foreach ((string name, JsonNode? change) in changes)
        {
            if (change is null) target.Remove(name);
            else target[name] = change is JsonObject members ? Merge(target[name]?.AsObject() ?? [], members) : change.DeepClone();
        }
        return target.DeepClone().AsObject();
    }
}

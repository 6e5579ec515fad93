using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Refrag.Aws;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>
/// Requests with each integer member of the contracts at its limits, made from the shapes and the plain requests of an operation.
/// </summary>
internal static class ExtremeNumbers
{
    /// <summary>The numbers: around nothing, and where a kind of limit or a type ends.</summary>
    public static IReadOnlyList<long> Values { get; } =
        [0, 1, -1, 59, 4_294_968, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    /// <summary>The integer members of an operation's request, as paths.</summary>
    public static IReadOnlyList<string> Members(AwsOperation operation)
    {
        List<string> found = [];
        Walk(operation.RequestJson.Options, operation.RequestType, "", [], found);
        return found;
    }

    /// <summary>A plain request with one member at a number; null if the member's type cannot hold it.</summary>
    public static object? Request(AwsOperation operation, string plain, string member, long value)
    {
        JsonNode root = JsonNode.Parse(plain)!;
        Set(root, member.Split('.'), value);
        try
        {
            return JsonSerializer.Deserialize(root, operation.RequestJson);
        }
        catch (JsonException)
        {
            // The member is of 32 bits.
            return null;
        }
    }

    private static void Walk(JsonSerializerOptions json, Type type, string path, HashSet<Type> above, List<string> found)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int) || type == typeof(long)) found.Add(path);
        JsonTypeInfo shape = json.GetTypeInfo(type);
        if (shape.Kind is JsonTypeInfoKind.Enumerable) Walk(json, shape.ElementType!, path + ".0", above, found);
        if (shape.Kind is not JsonTypeInfoKind.Object || !above.Add(type)) return;
        foreach (JsonPropertyInfo member in shape.Properties)
            Walk(json, member.PropertyType, path.Length == 0 ? member.Name : $"{path}.{member.Name}", above, found);
        above.Remove(type);
    }

    private static void Set(JsonNode node, ReadOnlySpan<string> path, long value)
    {
        bool isList = path.Length > 1 && path[1] == "0";
        JsonNode? next = node is JsonArray list ? list.Count > 0 ? list[0] : null : node[path[0]];
        if (path.Length == 1) next = JsonValue.Create(value);
        else
        {
            next = next?.DeepClone() ?? (isList ? new JsonArray() : new JsonObject());
            Set(next, path[1..], value);
        }
        if (node is not JsonArray array) node[path[0]] = next;
        else if (array.Count > 0) array[0] = next;
        else array.Add(next);
    }
}

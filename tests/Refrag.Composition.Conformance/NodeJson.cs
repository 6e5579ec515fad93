using System.Text.Json.Nodes;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Conformance;

/// <summary>Configuration nodes in the vectors' JSON.</summary>
internal static class NodeJson
{
    public static JsonNode? Of(ConfigNode node) => node switch
    {
        ConfigMapping mapping => new JsonObject { ["$d"] = new JsonArray([.. mapping.Select(entry => new JsonArray(Of(entry.Key.Scalar), Of(entry.Value)))]) },
        ConfigList list => new JsonArray([.. list.Select(Of)]),
        ConfigScalar { Kind: ScalarKind.Null } => null,
        ConfigScalar { Boolean: { } boolean } => JsonValue.Create(boolean),
        // As text, whatever its size: JSON numbers have none.
        ConfigScalar { Kind: ScalarKind.Integer } => JsonNode.Parse(node.ToString()),
        ConfigScalar { Kind: ScalarKind.Float } => new JsonObject { ["$f"] = node.ToString() },
        _ => JsonValue.Create(node.ToString()),
    };
}

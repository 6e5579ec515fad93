using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Conformance;

/// <summary>Configuration nodes in the vectors' JSON, both ways.</summary>
internal static class NodeJson
{
    public static JsonObject Answer(ConfigNode node) => new() { ["value"] = Of(node) };

    public static JsonNode? Of(ConfigNode node) => node switch
    {
        ConfigMapping mapping =>
            new JsonObject { ["$d"] = new JsonArray([.. mapping.Select(entry => new JsonArray(Of(entry.Key.Scalar), Of(entry.Value)))]) },
        ConfigList list => new JsonArray([.. list.Select(Of)]),
        ConfigScalar { Kind: ScalarKind.Boolean } scalar => JsonValue.Create(scalar.Boolean),
        ConfigScalar { Kind: ScalarKind.Integer } scalar => JsonNode.Parse(PythonText.Str(scalar)),
        ConfigScalar { Kind: ScalarKind.Float } scalar => new JsonObject { ["$f"] = PythonText.Str(scalar) },
        ConfigScalar { Kind: ScalarKind.String } scalar => JsonValue.Create(scalar.Text),
        ConfigScalar { Kind: ScalarKind.Bytes } scalar => new JsonObject { ["$b"] = Convert.ToHexStringLower(scalar.Bytes.Span) },
        _ => null,
    };

    public static ConfigNode Node(JsonNode? json) => json switch
    {
        null => ConfigScalar.Null,
        JsonArray items => ConfigList.Of(items.Select(Node)),
        JsonObject { Count: 1 } entry when entry["$f"] is { } number => ConfigScalar.Of(Number(number.GetValue<string>())),
        JsonObject { Count: 1 } entry when entry["$d"] is JsonArray pairs =>
            ConfigMapping.Of(pairs.Select(pair => new ConfigEntry(new ConfigKey((ConfigScalar)Node(pair![0])), Node(pair[1])))),
        JsonObject other => throw new FormatException($"There is no value {other.ToJsonString()}."),
        _ => Scalar(json),
    };

    private static ConfigScalar Scalar(JsonNode json) => json.GetValueKind() switch
    {
        JsonValueKind.String => ConfigScalar.Of(json.GetValue<string>()),
        JsonValueKind.Number => ConfigScalar.Of(System.Numerics.BigInteger.Parse(json.ToJsonString(), CultureInfo.InvariantCulture)),
        var kind => ConfigScalar.Of(kind == JsonValueKind.True),
    };

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}

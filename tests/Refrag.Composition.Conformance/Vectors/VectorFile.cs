using System.Text.Json;
using System.Text.Json.Nodes;

namespace Refrag.Composition.Conformance.Vectors;

/// <summary>Reads vector and fixture files.</summary>
internal static class VectorFile
{
    // Values nest as deep as the inputs of the reference's own tests; far below this.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>The cases of one file, in order. Empty lines are passed over.</summary>
    public static IEnumerable<VectorCase> Read(string path, IReadOnlyDictionary<string, FixtureTrees> fixtures, HydraReading reading) =>
        File.ReadLines(path).Where(line => line.Length > 0).Select(line => Case(line, fixtures, reading));

    /// <summary>The fixtures of one file, by id.</summary>
    public static Dictionary<string, FixtureTrees> ReadFixtures(string path) => Parse(File.ReadAllText(path)).ToDictionary(
        fixture => fixture.Key,
        fixture => new FixtureTrees([.. fixture.Value!.AsArray().Select(tree => Tree(tree!.AsObject()))]),
        StringComparer.Ordinal);

    private static Dictionary<string, string> Tree(JsonObject files) =>
        files.ToDictionary(file => file.Key, file => file.Value!.GetValue<string>(), StringComparer.Ordinal);

    private static VectorCase Case(string line, IReadOnlyDictionary<string, FixtureTrees> fixtures, HydraReading reading)
    {
        JsonObject json = Parse(line);
        JsonObject input = json["in"]!.AsObject();
        FixtureTrees trees = FixtureTrees.None;
        if (input["fixture"] is JsonValue fixture) trees = fixtures.GetValueOrDefault(fixture.GetValue<string>(), FixtureTrees.None);
        // One file has the development version's answer and the release's where it differs, another the other way round.
        JsonObject plain = json["out"]!.AsObject();
        JsonObject released = json["stable"] as JsonObject ?? plain, development = json["main"] as JsonObject ?? plain;
        bool isReleased = reading == HydraReading.Released;
        return new VectorCase(
            json["id"]!.GetValue<string>(), json["cat"]!.GetValue<string>(), input, isReleased ? released : development, trees)
        {
            Reading = reading,
            Other = isReleased ? development : released,
            Source = json["src"]?.GetValue<string>() ?? "",
        };
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text, nodeOptions: null, Options)!.AsObject();
}

using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Merging;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>merge</c>, <c>update</c> and <c>dotlist</c>: changes to a configuration.</summary>
internal sealed class MergeCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["merge", "update", "dotlist"];

    public Outcome Run(VectorCase vector)
    {
        Result<ConfigNode> result = vector.Category switch
        {
            "merge" => Merge(vector),
            "update" => Update(vector),
            _ => DotList.Read(vector.Texts("items")),
        };
        return result.TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems)
            ? new Outcome.Answer(NodeJson.Answer(node))
            : Outcome.Problems(problems);
    }

    private static Result<ConfigNode> Merge(VectorCase vector)
    {
        var configurations = new List<ConfigNode>();
        foreach (JsonNode? json in (JsonArray)vector.Input["configs"]!)
        {
            ConfigNode node = NodeJson.Node(json);
            // The reference reads text as YAML where a configuration is wanted.
            if (node is ConfigScalar { Text: { } text }) node = ConfigYaml.Read(text, "text").Value;
            configurations.Add(node);
        }
        return ConfigMerger.Merge(configurations, Flags(((JsonArray)vector.Input["flags"]!)[0]));
    }

    private static Result<ConfigNode> Update(VectorCase vector) => ConfigUpdate.Apply(
        NodeJson.Node(vector.Input["config"]),
        vector.Text("key"),
        NodeJson.Node(vector.Input["value"]),
        new UpdateOptions
        {
            Merge = vector.Flag("merge"),
            ForceAdd = vector.Flag("force_add"),
            Flags = Flags(vector.Input["flags"]),
            FollowInterpolations = vector.Reading == HydraReading.Development
        });

    private static ConfigFlags Flags(JsonNode? json) => new() { Struct = Flag(json, "struct"), ReadOnly = Flag(json, "readonly") };

    private static bool Flag(JsonNode? json, string name) =>
        json is JsonObject flags && flags[name] is JsonValue value && value.GetValue<bool>();
}

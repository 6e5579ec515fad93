using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance.Categories;

/// <summary>What the categories share that ask about trees of files.</summary>
internal static class Fixtures
{
    public static SearchPath SearchPathOf(VectorCase vector) =>
        vector.Fixture.Trees.Aggregate(SearchPath.Empty, (path, tree) => path.AddMemory(tree, "fixture"));

    public static JsonObject Choices(IEnumerable<KeyValuePair<string, string?>> choices)
    {
        var json = new JsonObject();
        foreach (var (group, option) in choices) json[group] = option;
        return json;
    }
}

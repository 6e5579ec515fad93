using System.Text.Json.Nodes;
using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>interp</c>: the value of a path, its interpolation resolved.</summary>
internal sealed class InterpCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["interp"];

    public Outcome Run(VectorCase vector)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in (JsonObject)vector.Input["env"]!) environment[name] = value?.GetValue<string>();
        var interpolator = new Interpolator(NodeJson.Node(vector.Input["config"]), TestResolvers.All.In(environment.GetValueOrDefault));
        string[] path = [.. ((JsonArray)vector.Input["path"]!).Select(part => part!.ToString())];
        return interpolator.Select(path).TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems)
            ? new Outcome.Answer(NodeJson.Answer(node))
            : Outcome.Problems(problems);
    }
}

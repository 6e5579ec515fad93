using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>yaml</c>: a document read as a configuration.</summary>
internal sealed class YamlCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["yaml"];

    public Outcome Run(VectorCase vector) =>
        ConfigYaml.Read(vector.Text("text"), "text.yaml").TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems)
            ? new Outcome.Answer(NodeJson.Answer(node))
            : Outcome.Problems(problems);
}

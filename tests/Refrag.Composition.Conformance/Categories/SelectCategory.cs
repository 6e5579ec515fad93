using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>select</c>: the value of a key.</summary>
internal sealed class SelectCategory : ICategory
{
    public IReadOnlyList<string> Names { get; } = ["select"];

    public Outcome Run(VectorCase vector)
    {
        var interpolator = new Interpolator(NodeJson.Node(vector.Input["config"]));
        return interpolator.Select(vector.Text("key"), throwOnMissing: vector.Flag("throw_on_missing"))
            .TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems)
            ? new Outcome.Answer(NodeJson.Answer(node))
            : Outcome.Problems(problems);
    }
}

namespace Refrag.Composition.Conformance.Vectors;

/// <summary>A fixture: the trees of its search path in order, each a map from a file's path to its text.</summary>
/// <param name="Trees">The trees; none where the fixture's search path is empty, or the question names no fixture.</param>
internal sealed record FixtureTrees(IReadOnlyList<IReadOnlyDictionary<string, string>> Trees)
{
    public static FixtureTrees None { get; } = new([]);
}

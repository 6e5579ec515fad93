using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance.Categories;

/// <summary>Asks the library's public API one kind of question. One file a category; add yours to <see cref="AllCategories"/>.</summary>
internal interface ICategory
{
    /// <summary>The categories of vectors that this answers.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Asks. An exception counts as a difference.</summary>
    Outcome Run(VectorCase vector);
}

namespace Refrag.Composition.Conformance.Categories;

/// <summary>Every category that is answered.</summary>
internal static class AllCategories
{
    private static readonly ICategory[] All =
    [
        new ParseCategory(),
        new SweepCategory(),
        new CompletionCategory(),
        new DefaultsCategory(),
        new ComposeCategory(),
        new GrammarCategory(),
        new InterpCategory(),
        new SelectCategory(),
        new MergeCategory(),
        new YamlCategory(),
    ];

    public static IReadOnlyDictionary<string, ICategory> ByName { get; } =
        All.SelectMany(category => category.Names.Select(name => (name, category)))
            .ToDictionary(pair => pair.name, pair => pair.category, StringComparer.Ordinal);
}

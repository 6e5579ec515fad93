using Refrag.Composition.Overrides;

namespace Refrag.Composition;

/// <summary>What the defaults lists of all files come to.</summary>
/// <param name="Items">The files in the order in which they are merged.</param>
/// <param name="Choices">Override key → option. The option is null if the group was set to <c>null</c>.</param>
/// <param name="ValueOverrides">The overrides that change values and choose no option, in order.</param>
public sealed record ExpandedDefaults(
    IReadOnlyList<ResolvedDefault> Items, IReadOnlyDictionary<string, string?> Choices, IReadOnlyList<Override> ValueOverrides)
{
    /// <summary>Packages whose file could not be had: what is said to be missing below them may not be.</summary>
    internal IReadOnlyList<string> BrokenPackages { get; init; } = [];
}
